package dev.berth.driver.libvirt;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.SnapshotState;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The snapshots of one instance that are complete: one JSON file each, which appears when all else is in place. */
record SnapshotIndex(InstanceFiles files) {
    private static final String SUFFIX = ".json";

    Path memory(UUID snapshot) {
        return files.snapshots().resolve(snapshot + ".memory");
    }

    Path nvram(UUID snapshot) {
        return files.snapshots().resolve(snapshot + ".nvram");
    }

    private Path entry(UUID snapshot) {
        return files.snapshots().resolve(snapshot + SUFFIX);
    }

    void add(SnapshotState snapshot) {
        Path entry = entry(snapshot.id());
        Path part = InstanceFiles.partial(entry);
        try {
            Files.writeString(part, BerthJson.mapper().writeValueAsString(snapshot));
            Files.move(part, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw NodeFailures.files("Recording the snapshot", e);
        }
    }

    Optional<SnapshotState> find(UUID snapshot) {
        Path entry = entry(snapshot);
        if (!Files.exists(entry)) {
            return Optional.empty();
        }
        try {
            return Optional.of(BerthJson.mapper().readValue(Files.readString(entry), SnapshotState.class));
        } catch (JsonProcessingException e) {
            throw BerthException.of(ErrorCode.DRIVER_FAILED, "The record of snapshot " + snapshot + " is damaged.", e);
        } catch (IOException e) {
            throw NodeFailures.files("Reading the record of a snapshot", e);
        }
    }

    /** Forgets a snapshot and removes its files, the record last, so that a removal that was cut off can be repeated. */
    void remove(UUID snapshot) {
        Trees.delete(memory(snapshot));
        Trees.delete(nvram(snapshot));
        Trees.delete(InstanceFiles.partial(entry(snapshot)));
        Trees.delete(entry(snapshot));
    }

    /** Oldest first. */
    List<SnapshotState> all() {
        List<SnapshotState> found = new ArrayList<>();
        for (UUID id : names(SUFFIX)) {
            find(id).ifPresent(found::add);
        }
        found.sort(Comparator.comparing(SnapshotState::takenAt));
        return found;
    }

    private List<UUID> names(String suffix) {
        if (!Files.isDirectory(files.snapshots())) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(files.snapshots())) {
            return list.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .map(name -> UUID.fromString(name.substring(0, name.length() - suffix.length())))
                    .toList();
        } catch (IOException e) {
            throw NodeFailures.files("Reading the snapshots", e);
        }
    }
}
