package dev.berth.access;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Browser sessions: made at login with a new secret each time, ended by logout, idleness or age. */
@ApplicationScoped
public class Sessions {
    public static final String COOKIE = "berth-session";
    private final Sql sql;
    private final Users users;
    private final LoginThrottle throttle;
    private final Clock clock;
    private final Duration idle;
    private final Duration longest;

    Sessions(Sql sql, Users users, LoginThrottle throttle, Clock clock, SessionSettings settings) {
        this.sql = sql;
        this.users = users;
        this.throttle = throttle;
        this.clock = clock;
        this.idle = settings.idle();
        this.longest = settings.longest();
    }

    /**
     * A session that has just begun.
     *
     * @param secret the cookie's value; nowhere stored in clear
     */
    public record Opened(String secret, String csrf, User user, Instant expiresAt) {}

    /** A session that was found by its cookie. */
    public record Session(Caller caller, String csrf, Instant expiresAt) {}

    /**
     * Logs in.
     *
     * @param address where the request comes from
     * @throws BerthException UNAUTHENTICATED, THROTTLED
     */
    @Transactional
    public Opened login(String name, String password, String address) {
        throttle.attempt("login", name, address);
        User user = users.authenticate(name, password)
                .orElseThrow(() -> BerthException.of(
                        ErrorCode.UNAUTHENTICATED, "The name or the password is wrong, or the user is disabled."));
        throttle.succeeded("login", name, address);
        return open(user);
    }

    Opened open(User user) {
        String secret = Secrets.next();
        String csrf = Secrets.next();
        Instant now = clock.instant();
        sql.update("delete from web_session where expires_at < ? or last_seen < ?", now, now.minus(idle));
        sql.update(
                "insert into web_session (hash, owner, csrf, created_at, last_seen, expires_at) values (?, ?, ?, ?, ?, ?)",
                Secrets.digest(secret),
                user.id(),
                csrf,
                now,
                now,
                now.plus(longest));
        return new Opened(secret, csrf, user, now.plus(longest));
    }

    /** The session that a cookie stands for, if it is still good. */
    public Optional<Session> find(String secret) {
        byte[] hash = Secrets.digest(secret);
        Instant now = clock.instant();
        record Found(Session session, Instant lastSeen) {}
        Optional<Found> found = sql.one(
                row -> new Found(
                        new Session(
                                new Caller(
                                        row.getObject("id", UUID.class),
                                        row.getString("name"),
                                        row.getString("role"),
                                        Caller.Kind.SESSION,
                                        HexFormat.of().formatHex(hash)),
                                row.getString("csrf"),
                                row.getTimestamp("expires_at").toInstant()),
                        row.getTimestamp("last_seen").toInstant()),
                "select u.id, u.name, u.role, s.csrf, s.expires_at, s.last_seen from web_session s"
                        + " join app_user u on u.id = s.owner"
                        + " where s.hash = ? and not u.disabled and s.expires_at > ? and s.last_seen > ?",
                hash,
                now,
                now.minus(idle));
        found.filter(f -> f.lastSeen().isBefore(now.minus(Duration.ofMinutes(1))))
                .ifPresent(f -> sql.update("update web_session set last_seen = ? where hash = ?", now, hash));
        return found.map(Found::session);
    }

    /** Whether a caller's session or token still holds with at least this role; asked again while a console is open. */
    public boolean stillGood(Caller caller, String role) {
        return switch (caller.kind()) {
            case SYSTEM -> true;
            case SESSION ->
                caller.session() != null
                        && sql.one(
                                        row -> row.getString(1),
                                        "select u.role from web_session s join app_user u on u.id = s.owner where s.hash = ?"
                                                + " and not u.disabled and s.expires_at > ?",
                                        HexFormat.of().parseHex(caller.session()),
                                        clock.instant())
                                .filter(r -> Roles.includes(r, role))
                                .isPresent();
            case TOKEN ->
                caller.session() != null
                        && sql.one(
                                        row -> row.getString(1),
                                        "select role from api_token where id = ? and (expires_at is null or expires_at > ?)",
                                        UUID.fromString(caller.session()),
                                        clock.instant())
                                .filter(r -> Roles.includes(r, role))
                                .isPresent();
        };
    }

    public void logout(String secret) {
        sql.update("delete from web_session where hash = ?", (Object) Secrets.digest(secret));
    }
}
