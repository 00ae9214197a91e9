package dev.berth.instance;

import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Rows of snapshots. */
@ApplicationScoped
class SnapshotStore {
    private final Sql sql;
    private final Clock clock;

    SnapshotStore(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    List<Snapshot> list(UUID instance) {
        return sql.query(
                SnapshotStore::read, "select * from snapshot where instance = ? order by created_at, id", instance);
    }

    Optional<Snapshot> find(UUID id) {
        return sql.one(SnapshotStore::read, "select * from snapshot where id = ?", id);
    }

    long count(UUID instance) {
        return sql.one(
                        row -> row.getLong(1),
                        "select count(*) from snapshot where instance = ? and state <> 'CREATING'",
                        instance)
                .orElse(0L);
    }

    /** False if the name is taken. */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean insert(UUID id, UUID instance, String name, boolean withMemory) {
        return sql.update(
                        "insert into snapshot (id, instance, name, with_memory, state, created_at)"
                                + " values (?, ?, ?, ?, 'CREATING', ?) on conflict (instance, name) do nothing",
                        id,
                        instance,
                        name,
                        withMemory,
                        clock.instant())
                == 1;
    }

    @Transactional
    void ready(UUID id, boolean withMemory) {
        sql.update("update snapshot set state = 'READY', with_memory = ? where id = ?", withMemory, id);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void state(UUID id, Snapshot.State state) {
        sql.update("update snapshot set state = ? where id = ?", state.name(), id);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    boolean delete(UUID id) {
        return sql.update("delete from snapshot where id = ?", id) == 1;
    }

    private static Snapshot read(ResultSet row) throws SQLException {
        return new Snapshot(
                row.getObject("id", UUID.class),
                row.getObject("instance", UUID.class),
                row.getString("name"),
                row.getBoolean("with_memory"),
                Snapshot.State.valueOf(row.getString("state")),
                row.getTimestamp("created_at").toInstant());
    }
}
