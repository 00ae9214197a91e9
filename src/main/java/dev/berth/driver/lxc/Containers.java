package dev.berth.driver.lxc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.VmSpec;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The containers of this node: found by id, locked one by one, their definitions remembered. */
final class Containers {
    private static final ObjectWriter WRITER = BerthJson.mapper().writerFor(InstanceDefinition.class);
    private static final ObjectReader READER = BerthJson.mapper().readerFor(InstanceDefinition.class);

    private final LxcSettings settings;
    private final Map<UUID, InstanceDefinition> definitions = new ConcurrentHashMap<>();
    private final Map<UUID, ReentrantLock> locks = new ConcurrentHashMap<>();

    Containers(LxcSettings settings) {
        this.settings = settings;
        directories().forEach(this::find);
    }

    LxcSettings settings() {
        return settings;
    }

    ContainerFiles files(UUID id) {
        return settings.files(id);
    }

    /** Ids of all directories, whole or not. */
    List<UUID> directories() {
        return Trees.list(settings.layout().containers()).stream()
                .flatMap(path -> Uuids.parse(path.getFileName().toString()).stream())
                .toList();
    }

    /** Keeps other changes of the same container out while one is made. */
    void locked(UUID id, Runnable work) {
        answerLocked(id, () -> {
            work.run();
            return true;
        });
    }

    <T> T answerLocked(UUID id, Supplier<T> work) {
        ReentrantLock lock = locks.computeIfAbsent(id, key -> new ReentrantLock());
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    Set<UUID> known() {
        return Set.copyOf(definitions.keySet());
    }

    /** The containers that have a volume in their definition. */
    List<UUID> usersOf(UUID volume) {
        return definitions.values().stream()
                .filter(definition ->
                        spec(definition).mounts().stream().anyMatch(mount -> volume.equals(mount.volume())))
                .map(InstanceDefinition::id)
                .sorted()
                .toList();
    }

    /** The containers that run and were started with a volume, as their plans say. */
    List<UUID> holdersOf(UUID volume) {
        return known().stream()
                .filter(id -> Trees.text(files(id).plan()).contains(volume.toString()))
                .filter(id -> RunStatus.alive(files(id)).isPresent())
                .sorted()
                .toList();
    }

    Optional<InstanceDefinition> find(UUID id) {
        InstanceDefinition known = definitions.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        if (!Files.exists(files(id).definition())) {
            return Optional.empty();
        }
        InstanceDefinition read = read(files(id));
        definitions.putIfAbsent(id, read);
        return Optional.of(read);
    }

    /** The definition of a container; NOT_FOUND when there is none. */
    InstanceDefinition definition(UUID id) {
        return find(id).orElseThrow(() -> Failures.notFound(id));
    }

    private static InstanceDefinition read(ContainerFiles files) {
        try {
            return READER.readValue(Files.readAllBytes(files.definition()));
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.DRIVER_FAILED,
                    "The definition of container " + files.id() + " cannot be read; define the instance anew.",
                    e);
        }
    }

    /** Writes a definition; from then on the container exists. */
    void keep(InstanceDefinition definition) {
        try {
            Trees.write(files(definition.id()).definition(), WRITER.writeValueAsBytes(definition));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a definition is always JSON", e);
        }
        definitions.put(definition.id(), definition);
    }

    void forget(UUID id) {
        definitions.remove(id);
    }

    static boolean hasVolumes(InstanceDefinition definition) {
        return spec(definition).mounts().stream().anyMatch(mount -> mount.volume() != null);
    }

    /** The part of a definition that is about containers. */
    static ContainerSpec spec(InstanceDefinition definition) {
        return switch (definition.spec()) {
            case ContainerSpec spec -> spec;
            case VmSpec ignored ->
                throw BerthException.of(
                        ErrorCode.INVALID_ARGUMENT, "This driver runs containers, not virtual machines.");
        };
    }

    /** Who runs a container; WRONG_STATE unless it runs or is paused. */
    RunStatus running(UUID id, String otherwise) {
        definition(id);
        return RunStatus.alive(files(id)).orElseThrow(() -> BerthException.of(ErrorCode.WRONG_STATE, otherwise)
                .with("state", "STOPPED"));
    }
}
