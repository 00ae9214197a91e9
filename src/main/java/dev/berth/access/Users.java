package dev.berth.access;

import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Mapped;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** Local users. The last admin can be neither removed, disabled nor demoted. */
@Mapped
@Transactional
@ApplicationScoped
public class Users {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._@-]{0,62}");
    private final UserRows rows;
    private final Sql sql;
    private final Outbox outbox;
    private final Clock clock;

    Users(UserRows rows, Sql sql, Outbox outbox, Clock clock) {
        this.rows = rows;
        this.sql = sql;
        this.outbox = outbox;
        this.clock = clock;
    }

    public List<User> list() {
        return rows.byName().stream().map(UserRow::view).toList();
    }

    public Optional<User> find(UUID id) {
        return rows.findByIdOptional(id).map(UserRow::view);
    }

    public User require(UUID id) {
        return row(id).view();
    }

    private UserRow row(UUID id) {
        return rows.findByIdOptional(id).orElseThrow(() -> BerthException.notFound("user", id));
    }

    public User create(String name, String password, String role, Caller caller) {
        checkName(name);
        checkRole(role);
        UserRow row = new UserRow();
        row.id = Uuids.next();
        row.name = name;
        row.passwordHash = Passwords.hash(password);
        row.role = role;
        row.createdAt = clock.instant();
        try {
            rows.persistAndFlush(row);
        } catch (ConstraintViolationException e) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN, "There is a user '" + name + "' already; choose another name.")
                    .with("pointer", "/name");
        }
        announce("user.created", row, caller);
        return row.view();
    }

    /**
     * What to change of a user; null leaves it.
     */
    public record Change(
            @Nullable String password,
            @Nullable String role,
            @Nullable Boolean disabled) {}

    public User change(UUID id, Change change, Caller caller) {
        UserRow row = row(id);
        String role = Objects.requireNonNullElse(change.role(), row.role);
        boolean disabled = Objects.requireNonNullElse(change.disabled(), row.disabled);
        checkRole(role);
        if (disabled || !role.equals(Roles.ADMIN)) {
            keepAnAdmin(row);
        }
        row.role = role;
        row.disabled = disabled;
        if (change.password() != null) {
            row.passwordHash = Passwords.hash(change.password());
        }
        if (change.password() != null || disabled) {
            sql.update("delete from web_session where owner = ?", id);
        }
        rows.flush();
        announce("user.changed", row, caller);
        return row.view();
    }

    public void delete(UUID id, Caller caller) {
        UserRow row = row(id);
        keepAnAdmin(row);
        rows.delete(row);
        announce("user.deleted", row, caller);
    }

    boolean none() {
        return rows.count() == 0;
    }

    /**
     * The user of that name, if the password is right; takes the same time for unknown names. Outside of a transaction, for a
     * password takes longer to check than a connection should be held.
     */
    @Transactional(Transactional.TxType.NOT_SUPPORTED)
    Optional<User> authenticate(String name, String password) {
        Optional<UserRow> found = QuarkusTransaction.requiringNew().call(() -> rows.ofName(name));
        if (found.isEmpty()) {
            Passwords.matchNobody(password);
            return Optional.empty();
        }
        return found.filter(row -> Passwords.matches(password, row.passwordHash) && !row.disabled)
                .map(UserRow::view);
    }

    private void keepAnAdmin(UserRow row) {
        if (!row.role.equals(Roles.ADMIN) || row.disabled) {
            return;
        }
        if (rows.lockAdmins().equals(List.of(row))) {
            throw BerthException.of(
                    ErrorCode.PROTECTED, "'" + row.name + "' is the last admin; make another user an admin first.");
        }
    }

    private void announce(String type, UserRow row, Caller caller) {
        outbox.append(new NewEvent(type, null, new Subject("user", row.id, row.name), caller.name(), Map.of()));
    }

    private static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw BerthException.invalid(
                    "/name", "A user name has 1 to 63 letters, digits and . _ @ -, and begins with a letter or digit.");
        }
    }

    private static void checkRole(String role) {
        if (!Roles.known(role)) {
            throw BerthException.invalid("/role", "A role is one of " + String.join(", ", Roles.all()) + ".");
        }
    }
}
