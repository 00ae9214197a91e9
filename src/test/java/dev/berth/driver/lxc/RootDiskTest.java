package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.FileAccess;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.installation.Await;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Disks of containers, some of which are copied beforehand. Needs root. */
@Tag("lxc")
class RootDiskTest {
    @AutoClose
    private final LxcHost host = LxcHost.open();

    @Test
    void oneThatWasCopiedBeforehandIsTakenOnceAndReplaced() {
        Set<Object> inodes = new HashSet<>();
        FileAccess files = host.driver().require(FileAccess.class);
        for (int i = 0; i < 3; i++) {
            UUID id = run();
            assertThat(inodes.add(inode(host.files(id).disk())))
                    .as("a disk of its own")
                    .isTrue();
            assertThatThrownBy(() -> files.readFile(id, "/tmp/mine", 0, 10))
                    .isInstanceOfSatisfying(
                            BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
            files.writeFile(
                    id,
                    new FileAccess.FileWrite("/tmp/mine", UUID.randomUUID(), 0, 0640, true),
                    "mine".getBytes(StandardCharsets.UTF_8));
            Await.until(Duration.ofSeconds(20), () -> "no disk is copied beforehand", () -> spares().size() == 1);
            assertThat(inodes).doesNotContain(inode(spares().getFirst()));
        }
    }

    /** More at once than there are copies. */
    @Test
    void thoseThatFindNoneMakeTheirOwn() {
        run();
        Await.until(Duration.ofSeconds(20), () -> "no disk is copied beforehand", () -> spares().size() == 1);
        List<UUID> ids = Stream.generate(this::run).limit(8).parallel().toList();
        assertThat(ids)
                .allSatisfy(id -> assertThat(host.driver().observe(id).state()).isEqualTo(RunState.RUNNING));
        assertThat(ids.stream().map(id -> inode(host.files(id).disk()))).doesNotHaveDuplicates();
    }

    private UUID run() {
        InstanceDefinition definition = host.definition(LxcHost.script("exec sleep 1000"));
        synchronized (host) {
            host.adopt(definition);
        }
        host.driver().run(definition, ProgressSink.NONE);
        return definition.id();
    }

    private List<Path> spares() {
        Path templates = host.files(UUID.randomUUID()).directory().resolveSibling(".templates");
        return Trees.list(templates).stream()
                .filter(file -> file.toString().endsWith(".spare"))
                .toList();
    }

    private static Object inode(Path file) {
        try {
            return Files.getAttribute(file, "unix:ino");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
