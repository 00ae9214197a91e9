package dev.berth.driver.lxc;

import static dev.berth.driver.lxc.ContainerVolumesTest.in;
import static dev.berth.driver.lxc.ContainerVolumesTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.FileAccess;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.Snapshotting;
import dev.berth.driver.StopMode;
import dev.berth.ffi.LoopDevice;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The disk of a container that does not run has one user at a time. Needs root. */
@Tag("lxc")
class DiskUseTest {
    private static final int REQUESTS = 200;
    private static final int KILLED = 30;
    /** The same each time, so that the disk does not become full. */
    private static final UUID UPLOAD = UUID.randomUUID();

    private static final int PIECE = 32 * 1024;
    private static final int PIECES = 16;

    @AutoClose
    private final LxcHost host = LxcHost.open();

    @Test
    void requestsOneAfterTheOtherLeaveAWholeFileSystem() {
        UUID id = host.defined(with());
        FileAccess files = host.driver().require(FileAccess.class);
        for (int i = 0; i < REQUESTS; i++) {
            String directory = "/tmp/" + i;
            files.makeDirectory(id, directory);
            files.writeFile(
                    id,
                    new FileAccess.FileWrite(directory + "/file", UUID.randomUUID(), 0, 0640, true),
                    directory.getBytes(StandardCharsets.UTF_8));
            assertThat(files.readFile(id, directory + "/file", 0, 100).data())
                    .isEqualTo(directory.getBytes(StandardCharsets.UTF_8));
        }
        assertWhole(id);
    }

    @Test
    void aHelperThatIsKilledWithMuchToWriteDoesNoHarm() throws IOException {
        UUID id = host.defined(with());
        FileAccess files = host.driver().require(FileAccess.class);
        files.makeDirectory(id, "/tmp");
        Path disk = host.files(id).disk();
        for (int i = 0; i < KILLED; i++) {
            killedAfterItsAnswer(id, "/tmp/upload");
            UnusedDisk.during(disk, () -> assertThat(LoopDevice.find(disk)).isEmpty());
            killedAfterItsAnswer(id, "/tmp/upload");
            files.makeDirectory(id, "/tmp/" + i);
            assertThat(files.listFiles(id, "/tmp")).hasSize(i + 1);
        }
        assertWhole(id);
    }

    /** A part of an upload is not written back before its answer. */
    private void killedAfterItsAnswer(UUID id, String path) throws IOException {
        Process helper = Program.start(List.of(
                "target/native/berth-launch",
                "files",
                host.files(id).directory().toString()));
        try (OutputStream out = helper.getOutputStream()) {
            Plan request = new Plan();
            request.words(List.of("write", path, UPLOAD.toString(), "0", "416", "more"));
            out.write(new Frame(Frame.PLAN, request.bytes()).bytes());
            for (int i = 0; i < PIECES; i++) {
                out.write(new Frame(Frame.STDIN, new byte[PIECE]).bytes());
            }
            out.write(new Frame(Frame.END_OF_STDIN, new byte[0]).bytes());
        }
        assertThat(Frame.read(helper.getInputStream()))
                .hasValueSatisfying(answer -> assertThat(answer.type()).isEqualTo(Frame.EXIT));
        helper.destroyForcibly();
    }

    @Test
    void aSnapshotRightAfterTheEndHasWhatWasWritten() {
        Snapshotting snapshotting = host.driver().require(Snapshotting.class);
        UUID id = host.running(with());
        for (int i = 0; i < 5; i++) {
            in(host, id, "echo " + i + " >/root/file");
            host.driver().stop(id, StopMode.FORCE, Duration.ZERO);
            UUID snapshot = UUID.randomUUID();
            snapshotting.snapshot(id, snapshot, false, ProgressSink.NONE);
            snapshotting.revert(id, snapshot, ProgressSink.NONE);
            host.driver().start(id);
            assertThat(in(host, id, "cat /root/file")).isEqualTo(i + "\n");
        }
    }

    @Test
    void aDiskThatSomebodyElseUsesIsLeftAlone() {
        UUID id = host.defined(with());
        Path disk = host.files(id).disk();
        UnusedDisk.during(disk, () -> assertThatThrownBy(() -> UnusedDisk.during(disk, Duration.ofMillis(20), () -> {}))
                .isInstanceOfSatisfying(
                        BerthException.class,
                        e -> assertThat(e.code()).as(e.message()).isEqualTo(ErrorCode.IN_USE)));
        host.driver().start(id);
    }

    private void assertWhole(UUID id) {
        Path disk = host.files(id).disk();
        UnusedDisk.during(disk, () -> {
            Program.Result check =
                    Program.result(Duration.ofMinutes(1), List.of("e2fsck", "-f", "-n", disk.toString()));
            assertThat(check.status()).as(check.output()).isZero();
        });
    }
}
