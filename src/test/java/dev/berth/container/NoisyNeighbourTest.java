package dev.berth.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A container that takes what it can get hurts only itself: a neighbour and the node answer meanwhile, and the reason is told. */
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoisyNeighbourTest {
    private static final Duration RESPONSIVE = Duration.ofSeconds(5);
    private final Containers containers = Containers.open();

    @BeforeAll
    void neighbour() {
        containers.upload("box", TestImage.busybox().command("sleep", "100000"));
        containers.run("neighbour", "box", "");
    }

    @AfterEach
    void nothingHappenedToTheNeighbour() {
        assertResponsive();
        if (containers.api().get(Containers.INSTANCES + "/noisy").status() == 200) {
            containers.delete("noisy");
        }
    }

    @AfterAll
    void close() {
        containers.close();
    }

    private void assertResponsive() {
        long start = System.nanoTime();
        assertThat(containers
                        .sh("neighbour", "echo here > /tmp/f && cat /tmp/f")
                        .ok())
                .contains("here");
        assertThat(containers.state("neighbour")).isEqualTo("running");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(RESPONSIVE);
    }

    @Test
    void aMemoryHogIsKilledAndTheReasonIsShown() {
        containers.run("noisy", "box", command("x=0123456789abcdef; while :; do x=$x$x; done"));
        containers.awaitState("noisy", "crashed");
        JsonNode exit = containers.get("noisy").path("exit");
        assertThat(exit.path("oom").asBoolean())
                .as(containers.get("noisy").toPrettyString())
                .isTrue();
        assertThat(containers.get("noisy").path("reason").asText()
                        + exit.path("reason").asText())
                .containsIgnoringCase("memory");
    }

    @Test
    void aForkBombStaysWithinItsProcesses() {
        containers.run(
                "noisy",
                "box",
                ",\"limits\":{\"pids\":64}" + command("bomb() { bomb | bomb & }; bomb; exec sleep 100000"));
        for (int i = 0; i < 5; i++) {
            assertResponsive();
            assertThat(processesOf("noisy")).isLessThanOrEqualTo(64);
        }
        awaitReason("processes");
    }

    /** Processes in the container's control group, in either version of them. */
    private long processesOf(String name) {
        String group = "berth/" + containers.id(name) + "/pids.current";
        for (String hierarchy : List.of("/sys/fs/cgroup/pids", "/sys/fs/cgroup")) {
            Path file = Path.of(hierarchy, group);
            if (Files.exists(file)) {
                try {
                    return Long.parseLong(Files.readString(file).strip());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new AssertionError("no control group of " + name);
    }

    @Test
    void aFullDiskIsItsOwnOnly() {
        containers.run("noisy", "box", command("sleep 100000"));
        Containers.Ran full = containers.sh("noisy", "dd if=/dev/zero of=/root/full bs=1M count=500");
        assertThat(full.code()).isNotZero();
        assertThat(full.output()).contains("No space left");
        assertThat(Long.parseLong(containers
                        .sh("noisy", "df -k / | tail -1 | awk '{print $4}'")
                        .ok()
                        .strip()))
                .as("KiB free inside")
                .isLessThan(1024);
        awaitReason("disk");
        containers.sh("noisy", "rm /root/full && echo again > /root/small").ok();
    }

    private void awaitReason(String word) {
        Await.until(
                Duration.ofSeconds(60),
                () -> "the reason is not shown: " + containers.get("noisy").toPrettyString(),
                () -> containers.get("noisy").path("reason").asText("").contains(word));
    }

    private static String command(String line) {
        return ",\"entrypoint\":[\"sh\",\"-c\",\"" + line.replace("\"", "\\\"") + "\"]";
    }
}
