package dev.berth.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.json.BerthJson;
import dev.berth.kernel.Subject;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Numbers committed events and reads them in that order.
 *
 * <p>An event gets its number only when every transaction that began before its own has ended, one numbering at a time;
 * so nothing can turn up later behind a number that a reader has already passed.
 */
@ApplicationScoped
class EventReader {
    private static final TypeReference<Map<String, Object>> DATA = new TypeReference<>() {};
    private final Sql sql;

    EventReader(Sql sql) {
        this.sql = sql;
    }

    /** Numbers what can be numbered; several controllers may try at once. */
    void number() {
        QuarkusTransaction.requiringNew().run(() -> {
            boolean alone = sql.one(row -> row.getBoolean(1), "select pg_try_advisory_xact_lock(7260011)")
                    .orElse(false);
            if (alone) {
                sql.update("update event e set sequence = o.place from ("
                        + " select id, nextval('event_sequence_seq') as place from (select id from event"
                        + " where sequence is null and xid < pg_snapshot_xmin(pg_current_snapshot())"
                        + " order by xid, id limit 5000) due) o where e.id = o.id");
            }
        });
    }

    List<Event> after(long sequence, int limit) {
        return sql.query(
                EventReader::read, "select * from event where sequence > ? order by sequence limit ?", sequence, limit);
    }

    long oldest() {
        return sql.one(row -> row.getLong(1), "select coalesce(min(sequence), 0) from event")
                .orElse(0L);
    }

    long newest() {
        return sql.one(row -> row.getLong(1), "select coalesce(max(sequence), 0) from event")
                .orElse(0L);
    }

    /** Whether committed events wait for a number because an older transaction is still open. */
    boolean unnumbered() {
        return sql.one(row -> row.getBoolean(1), "select exists (select 1 from event where sequence is null)")
                .orElse(false);
    }

    int deleteBefore(Instant time) {
        return sql.update("delete from event where at < ? and sequence is not null", time);
    }

    private static Event read(ResultSet row) throws SQLException {
        return new Event(
                row.getLong("sequence"),
                row.getString("type"),
                row.getObject("project", UUID.class),
                new Subject(
                        row.getString("subject_kind"),
                        row.getObject("subject_id", UUID.class),
                        row.getString("subject_name")),
                row.getString("actor"),
                row.getTimestamp("at").toInstant(),
                parse(row.getString("data")));
    }

    private static Map<String, Object> parse(String json) {
        try {
            return BerthJson.mapper().readValue(json, DATA);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
