package dev.berth.console;

import dev.berth.access.Caller;
import dev.berth.access.Secrets;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.InstanceKind;
import dev.berth.json.BerthJson;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Rows of console sessions. Tickets are stored as digests. */
@ApplicationScoped
class ConsoleStore {
    /** An open console's row is touched more often than this; one that is older belongs to a controller that died. */
    private static final Duration STALE = Duration.ofSeconds(20);

    private static final Duration KEEP = Duration.ofHours(1);
    private final Sql sql;

    ConsoleStore(Sql sql) {
        this.sql = sql;
    }

    void insert(UUID id, UUID instance, ConsoleKind type, String ticket, Caller caller, Instant now, Instant end) {
        sql.update(
                "insert into console_session (id, instance, kind, ticket, caller, created_at, expires_at)"
                        + " values (?, ?, ?, ?, ?::jsonb, ?, ?)",
                id,
                instance,
                type.name(),
                Secrets.digest(ticket),
                BerthJson.text(caller),
                now,
                end);
    }

    /** One conditional update, so that of two uses at once one fails. */
    Optional<OpenedSession> redeem(UUID id, String ticket, Caller caller, Instant now) {
        return sql.one(
                row -> new OpenedSession(
                        id,
                        row.getObject("instance", UUID.class),
                        row.getString("name"),
                        InstanceKind.valueOf(row.getString("instance_kind")),
                        row.getObject("node", UUID.class),
                        ConsoleKind.valueOf(row.getString("kind")),
                        caller),
                "update console_session c set used_at = ?, seen_at = ? from instance i where i.id = c.instance"
                        + " and c.id = ? and c.ticket = ? and c.caller ->> 'id' = ? and c.used_at is null"
                        + " and c.closed_at is null and c.expires_at > ?"
                        + " returning c.instance, c.kind, i.name, i.kind as instance_kind, i.node",
                now,
                now,
                id,
                Secrets.digest(ticket),
                caller.id().toString(),
                now);
    }

    void close(UUID id, Instant now) {
        sql.update("update console_session set closed_at = ? where id = ? and closed_at is null", now, id);
    }

    List<ConsoleSession> open(UUID instance, Instant now) {
        return sql.query(
                row -> new ConsoleSession(
                        row.getObject("id", UUID.class),
                        row.getObject("instance", UUID.class),
                        ConsoleKind.valueOf(row.getString("kind")),
                        row.getString("caller_name"),
                        row.getTimestamp("used_at").toInstant()),
                "select id, instance, kind, caller ->> 'name' as caller_name, used_at from console_session"
                        + " where instance = ? and closed_at is null and seen_at > ? order by id",
                instance,
                now.minus(STALE));
    }

    /** Says that these are still open here, and returns those of them that really are. */
    Set<UUID> touch(Collection<UUID> sessions, Instant now) {
        return new HashSet<>(sql.query(
                row -> row.getObject("id", UUID.class),
                "update console_session set seen_at = ? where id = any (?) and closed_at is null returning id",
                now,
                sessions.toArray(UUID[]::new)));
    }

    void dropOld(Instant now) {
        sql.update(
                "delete from console_session where expires_at < ? and (used_at is null or closed_at < ? or seen_at < ?)",
                now.minus(KEEP),
                now.minus(KEEP),
                now.minus(KEEP));
    }

    Optional<UUID> project(UUID instance) {
        return sql.one(row -> row.getObject(1, UUID.class), "select project from instance where id = ?", instance);
    }
}
