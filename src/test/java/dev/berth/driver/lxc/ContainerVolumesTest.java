package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.MountSpec;
import dev.berth.driver.ProcessSpec;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StopMode;
import dev.berth.driver.VolumeDriver;
import dev.berth.ffi.LoopDevice;
import dev.berth.ffi.Mounts;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes in real containers. Needs root. */
@Tag("lxc")
class ContainerVolumesTest {
    private static final String WAIT = "while true; do sleep 1; done";

    @TempDir
    Path directory;

    static ContainerSpec with(MountSpec... mounts) {
        ContainerSpec app = ContainerSpec.app(ProcessSpec.of("/bin/sh", "-c", WAIT));
        return new ContainerSpec(
                app.mode(),
                app.process(),
                ContainerSpec.NetworkMode.NONE,
                app.restart(),
                app.health(),
                app.limits(),
                app.security(),
                List.of(mounts),
                app.tmpfs(),
                Map.of(),
                false,
                null);
    }

    static MountSpec at(UUID volume, String target) {
        return new MountSpec(volume, null, target, false, false);
    }

    static String in(LxcHost host, UUID id, String script) {
        ExecSpec spec = new ExecSpec(List.of("/bin/sh", "-c", script), List.of(), null, null, false);
        var result = host.driver().require(Executing.class).exec(id, spec, "", Duration.ofSeconds(60));
        return result.stdout() + result.stderr();
    }

    private static void fails(ErrorCode code, Runnable work) {
        assertThatThrownBy(work::run).isInstanceOfSatisfying(BerthException.class, e -> assertThat(e.code())
                .as(e.message())
                .isEqualTo(code));
    }

    @Test
    void containersWithOtherIdsShareAVolume() throws IOException {
        try (LxcHost host = LxcHost.open()) {
            UUID volume = host.volume(16);
            UUID writer = host.running(with(at(volume, "/data")));
            UUID reader = host.running(with(new MountSpec(volume, null, "/shared", true, false)));
            in(host, writer, "echo kept >/data/file; chown 33:33 /data/file");
            assertThat(in(host, reader, "cat /shared/file; stat -c %u:%g /shared/file; touch /shared/x"))
                    .startsWith("kept\n33:33\n")
                    .contains("Read-only file system");
            Path file = host.volumes().held(volume, writer).resolve("file");
            assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(1_000_000_033);
            assertThat(host.volumes().volumes())
                    .singleElement()
                    .satisfies(state -> assertThat(state.users()).containsExactlyInAnyOrder(writer, reader))
                    .satisfies(state -> assertThat(state.used().bytes()).isPositive());
        }
    }

    @Test
    void aVolumeThatIsNoLongerDefinedStaysWhileItsContainerRuns() {
        try (LxcHost host = LxcHost.open()) {
            UUID volume = host.volume(16);
            UUID id = host.running(with(at(volume, "/data")));
            InstanceDefinition old = host.driver().definitions().stream()
                    .filter(definition -> definition.id().equals(id))
                    .findFirst()
                    .orElseThrow();
            host.driver()
                    .define(
                            new InstanceDefinition(
                                    id,
                                    old.name(),
                                    old.project(),
                                    old.cpus(),
                                    old.maxCpus(),
                                    old.memory(),
                                    old.maxMemory(),
                                    old.disks(),
                                    old.nics(),
                                    old.publications(),
                                    with()),
                            ProgressSink.NONE);
            fails(ErrorCode.IN_USE, () -> host.volumes().removeVolume(volume));
            assertThat(in(host, id, "echo kept >/data/file; cat /data/file")).isEqualTo("kept\n");
            host.driver().stop(id, StopMode.FORCE, Duration.ZERO);
            host.volumes().removeVolume(volume);
            assertThat(host.volumes().volumes()).isEmpty();
        }
    }

    @Test
    void aFullVolumeHurtsOnlyWhoWritesToIt() {
        try (LxcHost host = LxcHost.open()) {
            UUID full = host.volume(8);
            UUID other = host.volume(8);
            UUID id = host.running(with(at(full, "/full"), at(other, "/other")));
            assertThat(in(host, id, "dd if=/dev/zero of=/full/file bs=64k")).contains("No space left on device");
            assertThat(in(host, id, "echo fine >/other/file && echo fine >/tmp/file && cat /other/file /tmp/file"))
                    .isEqualTo("fine\nfine\n");
        }
    }

    @Test
    void isFilledFromTheImageOnce() {
        try (LxcHost host = LxcHost.open()) {
            UUID volume = host.volume(16);
            MountSpec mount = new MountSpec(volume, null, "/etc", false, true);
            UUID id = host.running(with(mount));
            assertThat(in(host, id, "stat -c %u:%a /etc/passwd; ls -A /etc; echo changed >>/etc/passwd"))
                    .startsWith("0:644\ngroup\n")
                    .doesNotContain("lost+found")
                    .doesNotContain(".berth");
            UUID second = host.running(with(mount));
            assertThat(in(host, second, "tail -n1 /etc/passwd")).isEqualTo("changed\n");
        }
    }

    @Test
    void cannotGoWhileAContainerHasIt() {
        try (LxcHost host = LxcHost.open()) {
            UUID volume = host.volume(8);
            UUID id = host.defined(with(at(volume, "/data")));
            fails(ErrorCode.IN_USE, () -> host.volumes().removeVolume(volume));
            host.driver().destroy(id);
            host.volumes().removeVolume(volume);
            host.volumes().removeVolume(volume);
            assertThat(host.volumes().volumes()).isEmpty();
            fails(ErrorCode.NOT_FOUND, () -> host.defined(with(at(volume, "/data"))));
        }
    }

    /** The supervisor's namespace is a copy of the host's, with all volumes that were mounted when it started. */
    @Test
    void itsSpaceIsFreeThoughOtherContainersRun() {
        try (LxcHost host = LxcHost.open()) {
            UUID volume = host.volume(8);
            Path image = host.volumes().held(volume, volume).resolveSibling("volume.img");
            host.running(with());
            host.volumes().removeVolume(volume);
            assertThat(LoopDevice.find(image)).isEmpty();
            assertThat(image).doesNotExist();
        }
    }

    @Test
    void growsAndDoesNotShrink() throws IOException {
        try (LxcHost host = LxcHost.open()) {
            UUID volume = host.volume(8);
            Path mount = host.volumes().held(volume, volume);
            Files.writeString(mount.resolve("file"), "kept");
            host.volumes().ensureVolume(new VolumeDriver.VolumeSpec(volume, DataSize.ofMebibytes(24)));
            assertThat(Files.getFileStore(mount).getTotalSpace()).isGreaterThan(16L << 20);
            assertThat(mount.resolve("file")).hasContent("kept");
            fails(ErrorCode.INVALID_ARGUMENT, () -> host.volumes()
                    .ensureVolume(new VolumeDriver.VolumeSpec(volume, DataSize.ofMebibytes(8))));
            UUID user = host.running(with(at(volume, "/data")));
            host.volumes().ensureVolume(new VolumeDriver.VolumeSpec(volume, DataSize.ofMebibytes(48)));
            host.driver().stop(user, StopMode.FORCE, Duration.ZERO);
            host.driver().start(user);
            assertThat(in(host, user, "df -k /data | tail -n1 | awk '{print ($2 > 32768)}'"))
                    .isEqualTo("1\n");
        }
    }

    @Test
    void isMountedAgainAfterARestartOfTheNode() throws IOException {
        try (LxcHost host = LxcHost.open()) {
            UUID volume = host.volume(8);
            Path mount = host.volumes().held(volume, volume);
            Files.writeString(mount.resolve("file"), "kept");
            Path half = Objects.requireNonNull(mount.getParent())
                    .resolveSibling(UUID.randomUUID().toString());
            Files.createDirectory(half);
            Files.writeString(half.resolve("volume.img.part"), "half");
            Mounts.unmount(mount);
            host.volumes().recover();
            assertThat(mount.resolve("file")).hasContent("kept");
            assertThat(half).doesNotExist();
        }
    }

    @Test
    void pathsOfTheNodeAreMountedBelowAllowedOnesOnly() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path allowed = Files.createDirectory(directory.resolve("allowed"));
        Path secret = Files.createDirectory(directory.resolve("secret"));
        Files.writeString(allowed.resolve("file"), "public\n");
        Files.createSymbolicLink(allowed.resolve("link"), secret);
        DriverPolicy policy = new DriverPolicy(java.util.Set.of(), false, false, List.of(allowed));
        try (LxcHost host = LxcHost.open(policy, List.of())) {
            UUID id = host.running(with(bind(allowed), bind(allowed.resolve("file"), "/one")));
            assertThat(in(host, id, "cat /bound/file /one; touch /bound/x"))
                    .startsWith("public\npublic\n")
                    .contains("Read-only file system");
            for (Path other : List.of(secret, allowed.resolve("link"), allowed.resolve("../secret"), Path.of("/"))) {
                fails(ErrorCode.INVALID_ARGUMENT, () -> host.defined(with(bind(other))));
            }
        }
    }

    private static MountSpec bind(Path source) {
        return bind(source, "/bound");
    }

    private static MountSpec bind(Path source, String target) {
        return new MountSpec(null, source.toString(), target, true, false);
    }
}
