package dev.berth.instance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.InstanceSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.ObservedState;
import dev.berth.driver.Publication;
import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Subject;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Desired rows of instances; every change is an event in the same transaction. */
@ApplicationScoped
class InstanceStore {
    /** Also reads ends that an earlier version wrote, which lack what has come since. */
    private static final ObjectReader EXIT = BerthJson.mapper()
            .readerFor(ObservedState.Exit.class)
            .without(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    static final TypeReference<List<DiskSpec>> DISKS = new TypeReference<>() {};
    static final TypeReference<List<NicSpec>> NICS = new TypeReference<>() {};
    static final TypeReference<List<Publication>> PUBLICATIONS = new TypeReference<>() {};
    private static final String SELECT = "select i.*, p.name as project_name, " + Publications.COLUMN
            + " from instance i join project p on p.id = i.project";
    private final Sql sql;
    private final Outbox outbox;

    private final Publications publications;

    InstanceStore(Sql sql, Outbox outbox, Publications publications) {
        this.sql = sql;
        this.outbox = outbox;
        this.publications = publications;
    }

    /** What follows in the transaction fails, as {@link #isNameTaken} says, if the name is taken in its project. */
    @Transactional(Transactional.TxType.MANDATORY)
    void insert(Instance instance, String actor) {
        sql.later(
                "insert into instance (id, project, name, kind, node, image, phase, desired_state, cpus, max_cpus,"
                        + " memory, max_memory, disks, nics, spec, deletion_protection, created_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?)",
                instance.id(),
                instance.project(),
                instance.name(),
                instance.kind().name(),
                instance.node(),
                instance.image(),
                instance.phase().name(),
                desired(instance.desiredRunning()),
                instance.cpus().value(),
                instance.maxCpus().value(),
                instance.memory().bytes(),
                instance.maxMemory().bytes(),
                BerthJson.text(instance.disks()),
                BerthJson.text(instance.nics()),
                spec(instance.spec()),
                instance.deletionProtection(),
                instance.createdAt());
        publications.claim(instance);
        announce("instance.creating", instance, actor);
    }

    static boolean isNameTaken(BerthException failure) {
        return Sql.violated(failure, "instance_project_name_key");
    }

    Optional<Instance> find(UUID id) {
        return sql.one(InstanceStore::read, SELECT + " where i.id = ?", id);
    }

    /** The instance, locked against other writers until the transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<Instance> lock(UUID id) {
        return sql.one(InstanceStore::read, SELECT + " where i.id = ? for update of i", id);
    }

    List<UUID> ofNode(UUID node) {
        return sql.query(row -> row.getObject(1, UUID.class), "select id from instance where node = ?", node);
    }

    boolean any(String column, UUID value) {
        return !sql.query(row -> 1, "select 1 from instance where " + column + " = ? limit 1", value)
                .isEmpty();
    }

    boolean nameTaken(Instance instance) {
        return !sql.query(
                        row -> 1,
                        "select 1 from instance where project = ? and name = ? and id <> ?",
                        instance.project(),
                        instance.name(),
                        instance.id())
                .isEmpty();
    }

    /** Names of the first instances that are made from an image or have it in a drive. */
    List<String> usersOf(UUID image) {
        return sql.query(
                row -> row.getString(1),
                "select name from instance where image = ? or jsonb_path_exists(disks, '$[*].image.id ? (@ == $id)',"
                        + " jsonb_build_object('id', ?::text)) order by name limit 10",
                image,
                image.toString());
    }

    /** Writes everything that may change of an instance; IN_USE when another one has a port that it wants to publish. */
    @Transactional(Transactional.TxType.MANDATORY)
    void update(Instance instance, String actor) {
        publications.claim(instance);
        write(instance, actor);
    }

    /** Writes it as it was; ports that another instance has taken in the meantime stay with that one. */
    @Transactional(Transactional.TxType.MANDATORY)
    void restore(Instance instance, String actor) {
        publications.restore(instance);
        write(instance, actor);
    }

    private void write(Instance instance, String actor) {
        sql.update(
                "update instance set name = ?, image = ?, phase = ?, desired_state = ?, cpus = ?, max_cpus = ?, memory = ?,"
                        + " max_memory = ?, disks = ?::jsonb, nics = ?::jsonb, spec = ?::jsonb, deletion_protection = ?,"
                        + " version = version + 1 where id = ?",
                instance.name(),
                instance.image(),
                instance.phase().name(),
                desired(instance.desiredRunning()),
                instance.cpus().value(),
                instance.maxCpus().value(),
                instance.memory().bytes(),
                instance.maxMemory().bytes(),
                BerthJson.text(instance.disks()),
                BerthJson.text(instance.nics()),
                spec(instance.spec()),
                instance.deletionProtection(),
                instance.id());
        announce("instance.changed", instance, actor);
    }

    /** An instance as its events name it. */
    record Named(UUID id, @Nullable UUID project, String name, InstanceKind kind) {
        static Named of(Instance instance) {
            return new Named(instance.id(), instance.project(), instance.name(), instance.kind());
        }
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void phase(Instance instance, Instance.Phase phase, String actor) {
        phase(Named.of(instance), phase, actor);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void phase(Named instance, Instance.Phase phase, String actor) {
        sql.later("update instance set phase = ?, version = version + 1 where id = ?", phase.name(), instance.id());
        announce(phase == Instance.Phase.READY ? "instance.created" : "instance.changed", instance, actor);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void desire(Instance instance, boolean running, String actor) {
        sql.later(
                "update instance set desired_state = ?, version = version + 1 where id = ?",
                desired(running),
                instance.id());
        announce("instance.changed", instance, actor);
    }

    /** Notes whether a running instance gets what was changed only when it is started anew. */
    @Transactional
    void restartNeeded(UUID id, boolean needed) {
        sql.update(
                "update instance set restart_needed_since = case when ? then now() end where id = ?"
                        + " and (restart_needed_since is not null or ?)",
                needed,
                id,
                needed);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void delete(Instance instance, String actor) {
        sql.later("delete from instance where id = ?", instance.id());
        announce("instance.deleted", instance, actor);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void announce(String type, Instance instance, String actor) {
        announce(type, Named.of(instance), actor);
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void announce(String type, Named instance, String actor) {
        outbox.append(new NewEvent(
                type,
                instance.project(),
                new Subject("instance", instance.id(), instance.name()),
                actor,
                Map.of("kind", instance.kind().name())));
    }

    private static String desired(boolean running) {
        return running ? "RUNNING" : "STOPPED";
    }

    private static String spec(InstanceSpec spec) {
        try {
            return BerthJson.mapper().writerFor(InstanceSpec.class).writeValueAsString(spec);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static <T> T parse(String json, TypeReference<T> type) {
        try {
            return BerthJson.mapper().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static InstanceSpec parseSpec(String json) {
        return parse(json, new TypeReference<InstanceSpec>() {});
    }

    static ObservedState.@Nullable Exit exit(@Nullable String json) {
        try {
            return json == null ? null : EXIT.readValue(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Instance read(ResultSet row) throws SQLException {
        return new Instance(
                row.getObject("id", UUID.class),
                row.getObject("project", UUID.class),
                row.getString("project_name"),
                row.getString("name"),
                row.getObject("node", UUID.class),
                row.getObject("image", UUID.class),
                Instance.Phase.valueOf(row.getString("phase")),
                "RUNNING".equals(row.getString("desired_state")),
                new CpuCount(row.getInt("cpus")),
                new CpuCount(row.getInt("max_cpus")),
                new DataSize(row.getLong("memory")),
                new DataSize(row.getLong("max_memory")),
                parse(row.getString("disks"), DISKS),
                parse(row.getString("nics"), NICS),
                parse(row.getString("publications"), PUBLICATIONS),
                parseSpec(row.getString("spec")),
                row.getBoolean("deletion_protection"),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }
}
