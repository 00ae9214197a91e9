package dev.berth.storage;

import dev.berth.access.Caller;
import dev.berth.driver.VolumeDriver;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.ResourceName;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationRequest;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.project.Project;
import dev.berth.project.Projects;
import dev.berth.quota.Amounts;
import dev.berth.quota.QuotaLedger;
import io.quarkus.arc.All;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Volumes of projects. */
@ApplicationScoped
public class Volumes {
    private static final DataSize LEAST = DataSize.ofMebibytes(16);
    private static final DataSize MOST = DataSize.ofGibibytes(65536);
    private final VolumeStore store;
    private final Nodes nodes;
    private final QuotaLedger quota;
    private final Operations operations;
    private final ChangeVolume changeVolume;
    private final List<VolumeUsers> users;
    private final Clock clock;
    private final DataSize usualSize;

    Volumes(
            VolumeStore store,
            Nodes nodes,
            QuotaLedger quota,
            Operations operations,
            ChangeVolume changeVolume,
            @All List<VolumeUsers> users,
            Clock clock,
            StorageSettings settings) {
        this.store = store;
        this.nodes = nodes;
        this.quota = quota;
        this.operations = operations;
        this.changeVolume = changeVolume;
        this.users = users;
        this.clock = clock;
        this.usualSize = new DataSize(settings.volumeSize());
    }

    public List<Volume> list(UUID project) {
        return store.list(project);
    }

    /** By id or name within a project; NOT_FOUND otherwise. */
    public Volume require(UUID project, String idOrName) {
        return store.find(project, idOrName).orElseThrow(() -> BerthException.notFound("volume", idOrName));
    }

    /** With what is in it and who has it; asks the node. */
    public VolumeView show(Volume volume) {
        return VolumeView.of(volume, used(volume), usersOf(volume.id()));
    }

    private @Nullable DataSize used(Volume volume) {
        return used(volume.node()).get(volume.id());
    }

    /** What is in each volume of a node; empty while the node does not say. */
    public Map<UUID, DataSize> used(UUID node) {
        try {
            return nodes.drivers(node).volumes().volumes().stream()
                    .collect(Collectors.toMap(VolumeDriver.VolumeState::id, VolumeDriver.VolumeState::used));
        } catch (BerthException e) {
            return switch (e.code().category()) {
                case UNAVAILABLE, TIMEOUT, UNSUPPORTED, INTERNAL -> Map.of();
                default -> throw e;
            };
        }
    }

    /** What is defined with the volumes of a project, by volume. */
    public Map<UUID, List<Subject>> users(UUID project) {
        Map<UUID, List<Subject>> all = new HashMap<>();
        users.forEach(user -> all.putAll(user.usersIn(project)));
        return all;
    }

    /** Names of the instances that are defined with a volume. */
    public List<String> usersOf(UUID volume) {
        return users.stream().flatMap(user -> user.usersOf(volume).stream()).toList();
    }

    /** The usual size of a volume. */
    public DataSize usualSize() {
        return usualSize;
    }

    /**
     * Begins to make a volume.
     *
     * @param size null for the usual one
     * @param nodeName where; null for any
     */
    @Transactional
    public OperationView create(
            Project project, ResourceName name, @Nullable DataSize size, @Nullable String nodeName, Caller caller) {
        DataSize wanted = Objects.requireNonNullElse(size, usualSize);
        checkSize("/size", wanted);
        UUID node = nodes.wanted(nodeName).id();
        Volume volume = drawn(project.id(), name.value(), node, wanted, null);
        UUID operation = Uuids.next();
        quota.reserve(operation, project.id(), ChangeVolume.disk(wanted.bytes()));
        if (!store.insert(volume, caller.name())) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN,
                            "There is a volume '" + name + "' in the project '" + project.name()
                                    + "' already; choose another name.")
                    .with("pointer", "/name");
        }
        return submit(operation, volume, ChangeVolume.Verb.CREATE, caller);
    }

    private Volume drawn(UUID project, String name, UUID node, DataSize size, @Nullable UUID instance) {
        return new Volume(Uuids.next(), project, name, node, size, Volume.State.CREATING, instance, clock.instant(), 0);
    }

    private static void checkSize(String pointer, DataSize size) {
        if (size.compareTo(LEAST) < 0 || size.compareTo(MOST) > 0) {
            throw BerthException.invalid(
                    pointer, "A volume has from " + LEAST.bytes() + " to " + MOST.bytes() + " bytes.");
        }
    }

    /** Begins to make a volume larger. */
    @Transactional
    public OperationView grow(Volume seen, DataSize size, Caller caller) {
        checkSize("/size", size);
        Volume volume = lock(seen);
        nodes.requireLink(volume.node());
        if (size.compareTo(volume.size()) < 0) {
            throw BerthException.invalid(
                    "/size", "A volume can only grow; it has " + volume.size().bytes() + " bytes.");
        }
        UUID operation = Uuids.next();
        quota.reserve(
                operation,
                volume.project(),
                ChangeVolume.disk(size.bytes() - volume.size().bytes()));
        store.size(volume, size, caller.name());
        return submit(operation, volume, ChangeVolume.Verb.GROW, caller);
    }

    /** Begins to remove a volume that nothing uses. */
    @Transactional
    public OperationView delete(Volume seen, Caller caller) {
        Volume volume = lock(seen);
        nodes.requireLink(volume.node());
        List<String> used = usersOf(volume.id());
        if (!used.isEmpty()) {
            throw BerthException.of(
                            ErrorCode.IN_USE,
                            "The volume '" + volume.name() + "' is mounted in: " + String.join(", ", used)
                                    + "; remove it from there first.")
                    .with("users", used);
        }
        store.state(volume, Volume.State.DELETING, caller.name());
        return submit(Uuids.next(), volume, ChangeVolume.Verb.DELETE, caller);
    }

    private Volume lock(Volume seen) {
        Volume volume = store.lock(seen.id()).orElseThrow(() -> BerthException.notFound("volume", seen.id()));
        ready(volume);
        return volume;
    }

    private static void ready(Volume volume) {
        if (volume.state() != Volume.State.READY) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "The volume '" + volume.name() + "' is "
                            + volume.state().name().toLowerCase(Locale.ROOT) + "; wait until it is ready.");
        }
    }

    private OperationView submit(UUID operation, Volume volume, ChangeVolume.Verb verb, Caller caller) {
        return operations.submit(new OperationRequest<>(
                operation,
                changeVolume,
                new ChangeVolume.Parameters(volume.id(), verb, volume.size(), caller.name()),
                volume.project(),
                new Subject("volume", volume.id(), volume.name()),
                volume.queueKey(),
                caller.name()));
    }

    /**
     * The volume of a project that is to be mounted on a node; it stays as it is until the caller's transaction ends.
     *
     * @param pointer where the wish stands in the request
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Volume mounted(UUID project, UUID node, String idOrName, String pointer) {
        Volume volume = store.find(project, idOrName)
                .flatMap(found -> store.share(found.id()))
                .orElseThrow(() -> BerthException.invalid(
                        pointer, "There is no volume '" + idOrName + "' in this project; make it first."));
        if (!volume.node().equals(node)) {
            throw BerthException.invalid(pointer, "The volume '" + volume.name() + "' is on another node.");
        }
        ready(volume);
        return volume;
    }

    /**
     * A volume that goes with an instance, in the caller's transaction and under the quota that he reserved; to be made by
     * {@link #ensureOf} in a step of his operation.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Volume addFor(UUID project, UUID node, UUID instance, String name, DataSize size, Caller caller) {
        String stem = name.length() > 58 ? name.substring(0, 58) : name;
        int number = 1;
        Volume volume = drawn(project, stem + "-" + number, node, size, instance);
        while (!store.insert(volume, caller.name())) {
            number++;
            volume = drawn(project, stem + "-" + number, node, size, instance);
        }
        return volume;
    }

    public List<Volume> of(UUID instance) {
        return store.ofInstance(instance);
    }

    /** What the volumes of an instance take of the quota. */
    public Amounts amountsOf(UUID instance) {
        return ChangeVolume.disk(store.ofInstance(instance).stream()
                .mapToLong(volume -> volume.size().bytes())
                .sum());
    }

    /** Makes the volumes of an instance exist on their node. */
    public void ensureOf(UUID instance) {
        store.ofInstance(instance)
                .forEach(volume -> nodes.drivers(volume.node()).volumes().ensureVolume(volume.spec()));
    }

    /** Removes the volumes of an instance from their node. */
    public void removeOf(UUID instance) {
        store.ofInstance(instance)
                .forEach(volume -> nodes.drivers(volume.node()).volumes().removeVolume(volume.id()));
    }

    /** Removes volumes from their node. */
    public void remove(List<UUID> ids) {
        ids.forEach(id -> store.find(id)
                .ifPresent(volume -> nodes.drivers(volume.node()).volumes().removeVolume(id)));
    }

    /** Forgets volumes, which exist on no node. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void forget(List<UUID> ids, String actor) {
        ids.forEach(id -> store.find(id).ifPresent(volume -> store.delete(volume, actor)));
    }

    /** The volumes of an instance exist now. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void settle(UUID instance, String actor) {
        store.ofInstance(instance).stream()
                .filter(volume -> volume.state() == Volume.State.CREATING)
                .forEach(volume -> store.state(volume, Volume.State.READY, actor));
    }

    /** Forgets the volumes of an instance, which exist on no node any longer. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void forget(UUID instance, String actor) {
        store.ofInstance(instance).forEach(volume -> store.delete(volume, actor));
    }

    /** The volumes of an instance stay when it goes. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void keep(UUID instance) {
        store.detach(instance);
    }

    /** After the instances that use them, and before the node's other things. */
    void nodeRemoved(@Observes @Priority(1100) Nodes.Removal removal) {
        List<Volume> volumes = store.ofNode(removal.node().id());
        removal.holds(volumes.size(), "volumes");
        String actor = removal.caller().name();
        for (Volume volume : volumes) {
            operations.abandonAllOf(volume.id(), actor);
            store.lock(volume.id()).ifPresent(left -> {
                store.delete(left, actor);
                quota.free(left.project(), ChangeVolume.disk(left.size().bytes()));
            });
        }
    }

    void projectRemoved(@Observes Projects.Removal removal) {
        if (store.any(removal.project().id())) {
            throw BerthException.of(ErrorCode.IN_USE, "The project still has volumes; delete them first.");
        }
    }
}
