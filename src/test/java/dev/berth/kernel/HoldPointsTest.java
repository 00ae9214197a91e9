package dev.berth.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldPointsTest {
    @TempDir
    Path directory;

    @Test
    void recordsPlacesAndHoldsTheFirstThatComesOnly() throws IOException, InterruptedException {
        Consumer<String> points = HoldPoints.in(directory);
        points.accept("one");
        Files.createFile(directory.resolve("making-disks.hold"));
        Thread held = Thread.ofPlatform().daemon().start(() -> points.accept("making disks"));
        while (!Files.exists(directory.resolve("making-disks.held"))) {
            Thread.sleep(5);
        }
        points.accept("making disks");
        held.join(50);
        assertThat(held.isAlive()).isTrue();
        assertThat(Files.readAllLines(directory.resolve("passed")))
                .containsExactly("one", "making-disks", "making-disks");
    }

    @Test
    void doesNothingUnlessTheEnvironmentAsksForIt() throws IOException {
        assertThat(System.getenv("BERTH_HOLD_POINTS")).isNull();
        HoldPoints.fromEnvironment().accept("anywhere");
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
