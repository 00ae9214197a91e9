package dev.berth.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.driver.NodeFacts;
import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.json.BerthJson;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of nodes. */
@ApplicationScoped
class NodeStore {
    private static final String UNLINKED =
            "No controller has a link to it; it has another name now, or it is gone and can be forgotten.";
    private final Sql sql;
    private final Outbox outbox;
    private final Clock clock;

    NodeStore(Sql sql, Outbox outbox, Clock clock) {
        this.sql = sql;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** The node of a name, made if it does not exist. */
    @Transactional
    UUID ensure(String name, String link) {
        sql.update(
                "insert into node (id, name, link, created_at) values (?, ?, ?, ?) on conflict (name) do update set link = excluded.link",
                Uuids.next(),
                name,
                link,
                clock.instant());
        return sql.one(row -> row.getObject(1, UUID.class), "select id from node where name = ?", name)
                .orElseThrow();
    }

    List<Node> list() {
        return sql.query(NodeStore::read, "select * from node order by name");
    }

    Optional<Node> find(String idOrName) {
        Optional<UUID> id = Uuids.parse(idOrName);
        return id.isPresent()
                ? sql.one(NodeStore::read, "select * from node where id = ?", id.get())
                : sql.one(NodeStore::read, "select * from node where name = ?", idOrName);
    }

    @Transactional
    void seen(UUID id, NodeFacts facts, @Nullable String problem) {
        changed(
                id,
                sql.update(
                                "update node set connected = true, problem = ?, facts = ?::jsonb, last_seen = ? where id = ?"
                                        + " and (not connected or problem is distinct from ? or facts is distinct from ?::jsonb)",
                                problem,
                                BerthJson.text(facts),
                                clock.instant(),
                                id,
                                problem,
                                BerthJson.text(facts))
                        == 1);
        sql.update("update node set last_seen = ? where id = ?", clock.instant(), id);
    }

    @Transactional
    void lost(UUID id, String problem) {
        changed(
                id,
                sql.update(
                                "update node set connected = false, problem = ? where id = ? and (connected or problem is distinct from ?)",
                                problem,
                                id,
                                problem)
                        == 1);
    }

    /** What is connected by its row, although no controller has seen it lately, is not; nodes that this controller watches are left out. */
    @Transactional
    void lapse(Collection<UUID> watched, Instant seenBefore) {
        sql.query(
                        row -> row.getObject(1, UUID.class),
                        "update node set connected = false, problem = ? where connected and last_seen < ? and id <> all(?) returning id",
                        UNLINKED,
                        seenBefore,
                        watched.toArray(UUID[]::new))
                .forEach(id -> changed(id, true));
    }

    /** The node, locked against whoever wants to put something on it until the transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<Node> lock(UUID id) {
        return sql.one(NodeStore::read, "select * from node where id = ? for update", id);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void delete(Node node, String actor) {
        sql.update("delete from node where id = ?", node.id());
        outbox.append(new NewEvent(
                "node.deleted", null, new Subject("node", node.id(), node.name()), actor, Map.of("connected", false)));
    }

    private void changed(UUID id, boolean really) {
        if (really) {
            Node node = find(id.toString()).orElseThrow();
            outbox.append(new NewEvent(
                    "node.changed",
                    null,
                    new Subject("node", id, node.name()),
                    "system",
                    Map.of("connected", node.connected())));
        }
    }

    private static Node read(ResultSet row) throws SQLException {
        String facts = row.getString("facts");
        return new Node(
                row.getObject("id", UUID.class),
                row.getString("name"),
                NodeConnector.address(row.getString("link")),
                row.getBoolean("connected"),
                row.getString("problem"),
                facts == null ? null : parse(facts),
                null,
                Sql.instant(row, "last_seen"));
    }

    private static @Nullable NodeFacts parse(String facts) {
        try {
            return BerthJson.mapper().readValue(facts, NodeFacts.class);
        } catch (JsonProcessingException e) {
            // Facts of an older version; they come anew with the next connection.
            return null;
        }
    }
}
