package dev.berth.driver.lxc;

import static dev.berth.driver.lxc.ContainerVolumesTest.at;
import static dev.berth.driver.lxc.ContainerVolumesTest.in;
import static dev.berth.driver.lxc.ContainerVolumesTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.Cloning;
import dev.berth.driver.FileAccess;
import dev.berth.driver.FileEntry;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.Rebuilding;
import dev.berth.driver.RunState;
import dev.berth.driver.Snapshotting;
import dev.berth.driver.StopMode;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files, snapshots, clones and rebuilds of real containers. Needs root. */
@Tag("lxc")
class ContainerStorageTest {
    @AutoClose
    private final LxcHost host = LxcHost.open();

    private FileAccess files() {
        return host.driver().require(FileAccess.class);
    }

    private void stop(UUID id) {
        host.driver().stop(id, StopMode.FORCE, Duration.ZERO);
    }

    private static void fails(ErrorCode code, Runnable work) {
        assertThatThrownBy(work::run).isInstanceOfSatisfying(BerthException.class, e -> assertThat(e.code())
                .as(e.message())
                .isEqualTo(code));
    }

    private void write(UUID id, String path, String text) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        files().writeFile(id, new FileAccess.FileWrite(path, UUID.randomUUID(), 0, 0640, true), data);
    }

    private String read(UUID id, String path) {
        return new String(files().readFile(id, path, 0, 1 << 20).data(), StandardCharsets.UTF_8);
    }

    @Test
    void filesOfRunningAndStoppedContainers() {
        UUID id = host.defined(with());
        readsAndWrites(id, "/tmp/stopped");
        host.driver().start(id);
        assertThat(in(host, id, "cat /tmp/stopped; stat -c %u:%a /tmp/stopped")).isEqualTo("onetwo0:640\n");
        readsAndWrites(id, "/tmp/running");
        in(host, id, "ln -s /../../../../etc /tmp/out; ln -s /proc/1/root /tmp/magic; echo v >/tmp/out/inside");
        assertThat(read(id, "/tmp/out/inside")).isEqualTo("v\n");
        stop(id);
        assertThat(read(id, "/tmp/out/inside")).isEqualTo("v\n");
        fails(ErrorCode.NOT_FOUND, () -> files().listFiles(UUID.randomUUID(), "/"));
    }

    private void readsAndWrites(UUID id, String path) {
        UUID upload = UUID.randomUUID();
        files().writeFile(
                        id,
                        new FileAccess.FileWrite(path, upload, 0, 0640, false),
                        "one".getBytes(StandardCharsets.UTF_8));
        fails(ErrorCode.NOT_FOUND, () -> files().readFile(id, path, 0, 10));
        fails(ErrorCode.WRONG_STATE, () -> files().writeFile(
                        id, new FileAccess.FileWrite(path, upload, 7, 0640, true), new byte[1]));
        files().writeFile(
                        id,
                        new FileAccess.FileWrite(path, upload, 3, 0640, true),
                        "two".getBytes(StandardCharsets.UTF_8));
        assertThat(files().readFile(id, path, 1, 3).data()).isEqualTo("net".getBytes(StandardCharsets.UTF_8));
        assertThat(files().readFile(id, path, 1, 3).last()).isFalse();
        assertThat(files().readFile(id, path, 3, 3).last()).isTrue();
        assertThat(files().listFiles(id, path)).singleElement().satisfies(entry -> {
            assertThat(entry.path()).isEqualTo(path);
            assertThat(entry.type()).isEqualTo(FileEntry.Type.FILE);
            assertThat(entry.mode()).isEqualTo(0640);
            assertThat(entry.uid()).isZero();
            assertThat(entry.size()).isEqualTo(6);
        });
        assertThat(files().listFiles(id, "/")).extracting(FileEntry::path).contains("/bin", "/etc", "/tmp");
        assertThat(files().listFiles(id, "/bin"))
                .filteredOn(entry -> entry.path().equals("/bin/sh"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.target()).isEqualTo("busybox"));
        files().makeDirectory(id, path + ".d");
        files().makeDirectory(id, path + ".d");
        write(id, path + ".d/file", "x");
        fails(ErrorCode.WRONG_STATE, () -> files().deleteFile(id, path + ".d"));
        files().deleteFile(id, path + ".d/file");
        files().deleteFile(id, path + ".d");
        files().deleteFile(id, path + ".d");
        fails(ErrorCode.INVALID_ARGUMENT, () -> files().readFile(id, "/tmp", 0, 1));
        fails(ErrorCode.INVALID_ARGUMENT, () -> files().deleteFile(id, "/"));
        fails(ErrorCode.INVALID_ARGUMENT, () -> files().listFiles(id, "relative"));
    }

    @Test
    void snapshotsOfARunningContainerAreWhole() {
        Snapshotting snapshotting = host.driver().require(Snapshotting.class);
        UUID id = host.running(with());
        in(host, id, "echo before >/root/file");
        UUID snapshot = UUID.randomUUID();
        fails(ErrorCode.UNSUPPORTED, () -> snapshotting.snapshot(id, snapshot, true, ProgressSink.NONE));
        snapshotting.snapshot(id, snapshot, false, ProgressSink.NONE);
        assertThat(host.driver().observe(id).state()).isEqualTo(RunState.RUNNING);
        in(host, id, "echo after >/root/file; rm -r /home");
        snapshotting.revert(id, snapshot, ProgressSink.NONE);
        assertThat(host.driver().observe(id).state()).isEqualTo(RunState.STOPPED);
        assertThat(read(id, "/root/file")).isEqualTo("before\n");
        host.driver().start(id);
        assertThat(in(host, id, "ls -d /home")).isEqualTo("/home\n");
    }

    @Test
    void aCloneHasTheFilesWithItsOwnIds() {
        UUID source = host.running(with());
        in(host, source, "echo web >/root/file; chown 33:33 /root/file; chmod 4711 /root/file");
        InstanceDefinition target = host.definition(with());
        host.adopt(target);
        host.driver().require(Cloning.class).cloneInstance(source, target, ProgressSink.NONE);
        host.driver().destroy(source);
        host.driver().start(target.id());
        assertThat(in(
                        host,
                        target.id(),
                        "cat /root/file; stat -c %u:%g:%a /root/file; echo more >>/root/file; cat /root/file"))
                .isEqualTo("web\n33:33:4711\nweb\nmore\n");
    }

    @Test
    void aRebuiltContainerKeepsItsVolumes() {
        UUID volume = host.volume(8);
        InstanceDefinition definition = host.definition(with(at(volume, "/data")));
        host.adopt(definition);
        host.driver().define(definition, ProgressSink.NONE);
        UUID id = definition.id();
        host.driver().start(id);
        in(host, id, "echo gone >/root/file; echo kept >/data/file");
        stop(id);
        UUID snapshot = UUID.randomUUID();
        Snapshotting snapshotting = host.driver().require(Snapshotting.class);
        snapshotting.snapshot(id, snapshot, false, ProgressSink.NONE);
        Rebuilding rebuilding = host.driver().require(Rebuilding.class);
        fails(ErrorCode.IN_USE, () -> rebuilding.rebuild(definition, ProgressSink.NONE));
        snapshotting.deleteSnapshot(id, snapshot, ProgressSink.NONE);
        rebuilding.rebuild(definition, ProgressSink.NONE);
        fails(ErrorCode.NOT_FOUND, () -> read(id, "/root/file"));
        assertThat(read(id, "/data/file")).isEqualTo("kept\n");
    }
}
