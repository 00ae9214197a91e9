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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * API tokens, {@code berth_<secret>}: shown once, stored as a digest, with a prefix to recognise them by. A token may never
 * do more than its owner may at the time.
 */
@ApplicationScoped
public class Tokens {
    private static final String MARK = "berth_";
    private final Sql sql;
    private final Outbox outbox;
    private final Clock clock;

    Tokens(Sql sql, Outbox outbox, Clock clock) {
        this.sql = sql;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * A token without its secret.
     *
     * @param owner its user; null for the installation's own admin token
     */
    public record Token(
            UUID id,
            @Nullable UUID owner,
            String name,
            String prefix,
            String role,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt) {}

    /** A token that has just been made; the only time that its secret is seen. */
    public record Issued(Token token, String secret) {}

    @Transactional
    public Issued issue(String name, String role, @Nullable Instant expiresAt, Caller caller) {
        if (name.isBlank() || name.length() > 63 || name.chars().anyMatch(Character::isISOControl)) {
            throw BerthException.invalid("/name", "A token's name has 1 to 63 printable characters.");
        }
        if (!Roles.known(role)) {
            throw BerthException.invalid("/role", "A role is one of " + String.join(", ", Roles.all()) + ".");
        }
        if (!caller.may(role)) {
            throw BerthException.of(ErrorCode.FORBIDDEN, "A token cannot have more rights than you have yourself.");
        }
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw BerthException.invalid("/expiresAt", "The time of expiry has to lie in the future.");
        }
        UUID owner = caller.kind() == Caller.Kind.SYSTEM || ownerless(caller) ? null : caller.id();
        return insert(owner, name, role, expiresAt, caller);
    }

    private boolean ownerless(Caller caller) {
        return caller.kind() == Caller.Kind.TOKEN
                && sql.query(row -> 1, "select 1 from app_user where id = ?", caller.id())
                        .isEmpty();
    }

    private Issued insert(@Nullable UUID owner, String name, String role, @Nullable Instant expiresAt, Caller caller) {
        String secret = MARK + Secrets.next();
        Token token =
                new Token(Uuids.next(), owner, name, secret.substring(0, 12), role, clock.instant(), expiresAt, null);
        sql.update(
                "insert into api_token (id, owner, name, prefix, hash, role, created_at, expires_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                token.id(),
                owner,
                name,
                token.prefix(),
                Secrets.digest(secret),
                role,
                token.createdAt(),
                expiresAt);
        outbox.append(new NewEvent(
                "token.created", null, new Subject("token", token.id(), name), caller.name(), Map.of("role", role)));
        return new Issued(token, secret);
    }

    /** Who a token stands for, if it is good. */
    public Optional<Caller> authenticate(String secret) {
        if (!secret.startsWith(MARK)) {
            return Optional.empty();
        }
        record Found(
                Token token,
                @Nullable String userName,
                @Nullable String userRole) {}
        Instant now = clock.instant();
        Optional<Found> found = sql.one(
                row -> new Found(read(row), row.getString("user_name"), row.getString("user_role")),
                "select t.*, u.name as user_name, u.role as user_role from api_token t left join app_user u on u.id = t.owner"
                        + " where t.hash = ? and (t.expires_at is null or t.expires_at > ?) and coalesce(not u.disabled, true)",
                Secrets.digest(secret),
                now);
        found.map(Found::token)
                .filter(token -> stale(token.lastUsedAt(), now))
                .ifPresent(token -> sql.update("update api_token set last_used_at = ? where id = ?", now, token.id()));
        return found.map(f -> {
            UUID id = f.token().owner() == null ? f.token().id() : f.token().owner();
            String name = f.userName() == null
                    ? f.token().name()
                    : f.userName() + "/" + f.token().name();
            String role = f.userRole() == null
                            || Roles.includes(f.userRole(), f.token().role())
                    ? f.token().role()
                    : f.userRole();
            return new Caller(id, name, role, Caller.Kind.TOKEN, f.token().id().toString());
        });
    }

    private static boolean stale(@Nullable Instant lastUsed, Instant now) {
        return lastUsed == null || lastUsed.isBefore(now.minusSeconds(60));
    }

    /** Admins see all tokens, others their own. */
    public List<Token> list(Caller caller) {
        return sql.query(
                Tokens::read,
                "select * from api_token where ? or owner = ? order by id",
                caller.may(Roles.ADMIN),
                caller.id());
    }

    @Transactional
    public void revoke(UUID id, Caller caller) {
        Token token = list(caller).stream()
                .filter(t -> t.id().equals(id))
                .findFirst()
                .orElseThrow(() -> BerthException.notFound("token", id));
        sql.update("delete from api_token where id = ?", id);
        outbox.append(
                new NewEvent("token.revoked", null, new Subject("token", id, token.name()), caller.name(), Map.of()));
    }

    private static Token read(ResultSet row) throws SQLException {
        return new Token(
                row.getObject("id", UUID.class),
                row.getObject("owner", UUID.class),
                row.getString("name"),
                row.getString("prefix"),
                row.getString("role"),
                row.getTimestamp("created_at").toInstant(),
                Sql.instant(row, "expires_at"),
                Sql.instant(row, "last_used_at"));
    }
}
