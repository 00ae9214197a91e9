package dev.berth.storage;

import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Rows of volumes; every change is an event. */
@ApplicationScoped
class VolumeStore {
    private final Sql sql;
    private final Outbox outbox;

    VolumeStore(Sql sql, Outbox outbox) {
        this.sql = sql;
        this.outbox = outbox;
    }

    List<Volume> list(UUID project) {
        return sql.query(VolumeStore::read, "select * from volume where project = ? order by name", project);
    }

    /** By id or by name within a project. */
    Optional<Volume> find(UUID project, String idOrName) {
        Optional<UUID> id = Uuids.parse(idOrName);
        return id.isPresent()
                ? find(id.get()).filter(volume -> volume.project().equals(project))
                : sql.one(VolumeStore::read, "select * from volume where project = ? and name = ?", project, idOrName);
    }

    Optional<Volume> find(UUID id) {
        return sql.one(VolumeStore::read, "select * from volume where id = ?", id);
    }

    /** The volume, kept from being removed or changed until the transaction ends; others may share it. */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<Volume> share(UUID id) {
        return sql.one(VolumeStore::read, "select * from volume where id = ? for share", id);
    }

    /** The volume, locked against everybody until the transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<Volume> lock(UUID id) {
        return sql.one(VolumeStore::read, "select * from volume where id = ? for update", id);
    }

    List<Volume> ofInstance(UUID instance) {
        return sql.query(VolumeStore::read, "select * from volume where instance = ? order by name", instance);
    }

    List<Volume> ofNode(UUID node) {
        return sql.query(VolumeStore::read, "select * from volume where node = ? order by id", node);
    }

    boolean any(UUID project) {
        return !sql.query(row -> 1, "select 1 from volume where project = ? limit 1", project)
                .isEmpty();
    }

    /** False if the name is taken in its project. */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean insert(Volume volume, String actor) {
        boolean made = sql.update(
                        "insert into volume (id, project, name, node, size, state, instance, created_at)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (project, name) do nothing",
                        volume.id(),
                        volume.project(),
                        volume.name(),
                        volume.node(),
                        volume.size().bytes(),
                        volume.state().name(),
                        volume.instance(),
                        volume.createdAt())
                == 1;
        if (made) {
            announce("volume.creating", volume, actor);
        }
        return made;
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void state(Volume volume, Volume.State state, String actor) {
        sql.update("update volume set state = ?, version = version + 1 where id = ?", state.name(), volume.id());
        announce(state == Volume.State.READY ? "volume.ready" : "volume.changed", volume, actor);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void size(Volume volume, DataSize size, String actor) {
        sql.update("update volume set size = ?, version = version + 1 where id = ?", size.bytes(), volume.id());
        announce("volume.changed", volume, actor);
    }

    /** From now on it stays when its instance goes. */
    @Transactional(Transactional.TxType.MANDATORY)
    void detach(UUID instance) {
        sql.later("update volume set instance = null, version = version + 1 where instance = ?", instance);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void delete(Volume volume, String actor) {
        sql.later("delete from volume where id = ?", volume.id());
        announce("volume.deleted", volume, actor);
    }

    private void announce(String type, Volume volume, String actor) {
        outbox.append(new NewEvent(
                type, volume.project(), new Subject("volume", volume.id(), volume.name()), actor, Map.of()));
    }

    private static Volume read(ResultSet row) throws SQLException {
        return new Volume(
                row.getObject("id", UUID.class),
                row.getObject("project", UUID.class),
                row.getString("name"),
                row.getObject("node", UUID.class),
                new DataSize(row.getLong("size")),
                Volume.State.valueOf(row.getString("state")),
                row.getObject("instance", UUID.class),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }
}
