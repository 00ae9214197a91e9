package dev.berth.driver.lxc;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.driver.SnapshotState;
import dev.berth.json.BerthJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The snapshots of one container: a copy of its disk each, and a description that is written last and removed first. */
record SnapshotFiles(Path directory) {
    private static final String DESCRIPTION = ".json";

    static SnapshotFiles of(ContainerFiles files) {
        return new SnapshotFiles(files.snapshots());
    }

    Path disk(UUID snapshot) {
        return directory.resolve(snapshot + ".img");
    }

    private Path description(UUID snapshot) {
        return directory.resolve(snapshot + DESCRIPTION);
    }

    Optional<SnapshotState> find(UUID snapshot) {
        return read(description(snapshot));
    }

    private static Optional<SnapshotState> read(Path file) {
        String text = Trees.text(file);
        try {
            return text.isBlank()
                    ? Optional.empty()
                    : Optional.of(BerthJson.mapper().readValue(text, SnapshotState.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the description " + file.getFileName() + " is damaged", e);
        }
    }

    /** All, the oldest first. */
    List<SnapshotState> all() {
        return Trees.list(directory).stream()
                .filter(file -> file.getFileName().toString().endsWith(DESCRIPTION))
                .flatMap(file -> read(file).stream())
                .sorted(Comparator.comparing(SnapshotState::takenAt))
                .toList();
    }

    void keep(SnapshotState state) {
        try {
            Trees.write(
                    description(state.id()),
                    BerthJson.mapper().writeValueAsString(state).getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a snapshot is always JSON", e);
        }
    }

    void delete(UUID snapshot) {
        Trees.delete(description(snapshot));
        Trees.delete(disk(snapshot));
    }
}
