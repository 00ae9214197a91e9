package dev.berth.access;

import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Local users. The last admin can be neither removed, disabled nor demoted. */
@ApplicationScoped
public class Users {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._@-]{0,62}");
    private final Sql sql;
    private final Outbox outbox;
    private final Clock clock;

    Users(Sql sql, Outbox outbox, Clock clock) {
        this.sql = sql;
        this.outbox = outbox;
        this.clock = clock;
    }

    public List<User> list() {
        return sql.query(Users::read, "select * from app_user order by lower(name)");
    }

    public Optional<User> find(UUID id) {
        return sql.one(Users::read, "select * from app_user where id = ?", id);
    }

    public User require(UUID id) {
        return find(id).orElseThrow(() -> BerthException.notFound("user", id));
    }

    @Transactional
    public User create(String name, String password, String role, Caller caller) {
        checkName(name);
        checkRole(role);
        String hash = Passwords.hash(password);
        UUID id = Uuids.next();
        int made = sql.update(
                "insert into app_user (id, name, password_hash, role, created_at) values (?, ?, ?, ?, ?)"
                        + " on conflict (lower(name)) do nothing",
                id,
                name,
                hash,
                role,
                clock.instant());
        if (made == 0) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN, "There is a user '" + name + "' already; choose another name.")
                    .with("pointer", "/name");
        }
        announce("user.created", id, name, caller);
        return require(id);
    }

    /**
     * What to change of a user; null leaves it.
     */
    public record Change(
            @Nullable String password,
            @Nullable String role,
            @Nullable Boolean disabled) {}

    @Transactional
    public User change(UUID id, Change change, Caller caller) {
        User user = require(id);
        String role = change.role() == null ? user.role() : change.role();
        boolean disabled = change.disabled() == null ? user.disabled() : change.disabled();
        checkRole(role);
        if (disabled || !role.equals(Roles.ADMIN)) {
            keepAnAdmin(user);
        }
        sql.update(
                "update app_user set role = ?, disabled = ?, version = version + 1 where id = ?", role, disabled, id);
        if (change.password() != null) {
            sql.update("update app_user set password_hash = ? where id = ?", Passwords.hash(change.password()), id);
        }
        if (change.password() != null || disabled) {
            sql.update("delete from web_session where owner = ?", id);
        }
        announce("user.changed", id, user.name(), caller);
        return require(id);
    }

    @Transactional
    public void delete(UUID id, Caller caller) {
        User user = require(id);
        keepAnAdmin(user);
        sql.update("delete from app_user where id = ?", id);
        announce("user.deleted", id, user.name(), caller);
    }

    boolean none() {
        return sql.query(row -> 1, "select 1 from app_user limit 1").isEmpty();
    }

    /** The user of that name, if the password is right; takes the same time for unknown names. */
    Optional<User> authenticate(String name, String password) {
        record Candidate(User user, String hash) {}
        Optional<Candidate> found = sql.one(
                row -> new Candidate(read(row), row.getString("password_hash")),
                "select * from app_user where lower(name) = lower(?)",
                name);
        if (found.isEmpty()) {
            Passwords.matchNobody(password);
            return Optional.empty();
        }
        return found.filter(
                        c -> Passwords.matches(password, c.hash()) && !c.user().disabled())
                .map(Candidate::user);
    }

    private void keepAnAdmin(User user) {
        if (!user.role().equals(Roles.ADMIN) || user.disabled()) {
            return;
        }
        List<UUID> admins = sql.query(
                row -> row.getObject(1, UUID.class),
                "select id from app_user where role = 'admin' and not disabled for update");
        if (admins.equals(List.of(user.id()))) {
            throw BerthException.of(
                    ErrorCode.PROTECTED, "'" + user.name() + "' is the last admin; make another user an admin first.");
        }
    }

    private void announce(String type, UUID id, String name, Caller caller) {
        outbox.append(new NewEvent(type, null, new Subject("user", id, name), caller.name(), Map.of()));
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

    static User read(ResultSet row) throws SQLException {
        return new User(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("role"),
                row.getBoolean("disabled"),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }
}
