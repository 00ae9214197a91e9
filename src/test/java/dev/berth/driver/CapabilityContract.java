package dev.berth.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the capabilities promise that a driver declares; those that it does not declare are skipped. */
public abstract class CapabilityContract extends InstanceDriverContract {
    @Test
    void pausesAndResumes() {
        Pausing pausing = capability(Pausing.class);
        UUID id = running();
        pausing.pause(id);
        pausing.pause(id);
        assertThat(state(id)).isEqualTo(RunState.PAUSED);
        driver().start(id);
        assertThat(state(id)).as("start resumes nothing").isEqualTo(RunState.PAUSED);
        pausing.resume(id);
        pausing.resume(id);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void pausesNothingThatIsStopped() {
        Pausing pausing = capability(Pausing.class);
        UUID id = defined();
        fails(ErrorCode.WRONG_STATE, () -> pausing.pause(id));
        fails(ErrorCode.WRONG_STATE, () -> pausing.resume(id));
        fails(ErrorCode.NOT_FOUND, () -> pausing.pause(UUID.randomUUID()));
    }

    @Test
    void cutsThePowerOfAPausedInstance() {
        Pausing pausing = capability(Pausing.class);
        UUID id = running();
        pausing.pause(id);
        driver().stop(id, StopMode.FORCE, Duration.ZERO);
        assertThat(state(id)).isEqualTo(RunState.STOPPED);
    }

    @Test
    void resetsWhatRunsOnly() {
        Resetting resetting = capability(Resetting.class);
        UUID id = defined();
        fails(ErrorCode.WRONG_STATE, () -> resetting.reset(id));
        driver().start(id);
        resetting.reset(id);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void takesAndDeletesSnapshotsOfAStoppedInstance() {
        Snapshotting snapshotting = capability(Snapshotting.class);
        UUID id = defined();
        UUID snapshot = UUID.randomUUID();
        SnapshotState taken = snapshotting.snapshot(id, snapshot, true, ProgressSink.NONE);
        assertThat(taken.withMemory()).as("a stopped instance has no memory").isFalse();
        assertThat(snapshotting.snapshot(id, snapshot, true, ProgressSink.NONE)).isEqualTo(taken);
        assertThat(snapshotting.snapshots(id)).containsExactly(taken);
        snapshotting.revert(id, snapshot, ProgressSink.NONE);
        assertThat(state(id)).isEqualTo(RunState.STOPPED);
        snapshotting.deleteSnapshot(id, snapshot, ProgressSink.NONE);
        snapshotting.deleteSnapshot(id, snapshot, ProgressSink.NONE);
        assertThat(snapshotting.snapshots(id)).isEmpty();
    }

    @Test
    void revertsToTheMemoryOfARunningInstance() {
        Snapshotting snapshotting = capability(Snapshotting.class);
        assumeTrue(driver().capabilities().memorySnapshots());
        UUID id = running();
        UUID snapshot = UUID.randomUUID();
        assertThat(snapshotting.snapshot(id, snapshot, true, ProgressSink.NONE).withMemory())
                .isTrue();
        assertThat(state(id)).as("runs on after the snapshot").isEqualTo(RunState.RUNNING);
        driver().stop(id, StopMode.FORCE, Duration.ZERO);
        snapshotting.revert(id, snapshot, ProgressSink.NONE);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
        snapshotting.deleteSnapshot(id, snapshot, ProgressSink.NONE);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void revertingToADiskSnapshotStops() {
        Snapshotting snapshotting = capability(Snapshotting.class);
        UUID id = running();
        UUID snapshot = UUID.randomUUID();
        snapshotting.snapshot(id, snapshot, false, ProgressSink.NONE);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
        snapshotting.revert(id, snapshot, ProgressSink.NONE);
        assertThat(state(id)).isEqualTo(RunState.STOPPED);
    }

    @Test
    void knowsNoForeignSnapshots() {
        Snapshotting snapshotting = capability(Snapshotting.class);
        UUID id = defined();
        fails(ErrorCode.NOT_FOUND, () -> snapshotting.revert(id, UUID.randomUUID(), ProgressSink.NONE));
        fails(ErrorCode.NOT_FOUND, () -> snapshotting.snapshots(UUID.randomUUID()));
        snapshotting.deleteSnapshot(id, UUID.randomUUID(), ProgressSink.NONE);
    }

    @Test
    void clones() {
        Cloning cloning = capability(Cloning.class);
        UUID source = running();
        InstanceDefinition target = next();
        cloning.cloneInstance(source, target, ProgressSink.NONE);
        assertThat(state(target.id())).isEqualTo(RunState.STOPPED);
        assertThat(state(source)).as("the source runs on").isEqualTo(RunState.RUNNING);
        driver().start(target.id());
        driver().destroy(source);
        assertThat(state(target.id())).isEqualTo(RunState.RUNNING);
    }

    @Test
    void rebuildsWhatIsStoppedOnly() {
        Rebuilding rebuilding = capability(Rebuilding.class);
        InstanceDefinition definition = next();
        driver().define(definition, ProgressSink.NONE);
        driver().start(definition.id());
        fails(ErrorCode.WRONG_STATE, () -> rebuilding.rebuild(definition, ProgressSink.NONE));
        driver().stop(definition.id(), StopMode.FORCE, Duration.ZERO);
        rebuilding.rebuild(definition, ProgressSink.NONE);
        assertThat(state(definition.id())).isEqualTo(RunState.STOPPED);
    }

    @Test
    void resizesWhatRunsOnly() {
        LiveResizing resizing = capability(LiveResizing.class);
        InstanceDefinition definition = next();
        driver().define(definition, ProgressSink.NONE);
        fails(
                ErrorCode.WRONG_STATE,
                () -> resizing.resize(definition.id(), definition.maxCpus(), definition.maxMemory()));
        driver().start(definition.id());
        resizing.resize(definition.id(), definition.maxCpus(), definition.maxMemory());
        fails(
                ErrorCode.INVALID_ARGUMENT,
                () -> resizing.resize(
                        definition.id(), new CpuCount(definition.maxCpus().value() + 1), definition.maxMemory()));
    }

    @Test
    void growsDisksStoppedAndRunning() {
        DiskGrowing growing = capability(DiskGrowing.class);
        InstanceDefinition definition = next();
        DiskSpec disk = definition.disks().getFirst();
        driver().define(definition, ProgressSink.NONE);
        DataSize larger = new DataSize(disk.size().bytes() + (8L << 20));
        growing.growDisk(definition.id(), disk.id(), larger);
        growing.growDisk(definition.id(), disk.id(), larger);
        fails(ErrorCode.INVALID_ARGUMENT, () -> growing.growDisk(definition.id(), disk.id(), disk.size()));
        fails(ErrorCode.NOT_FOUND, () -> growing.growDisk(definition.id(), UUID.randomUUID(), larger));
        driver().start(definition.id());
        growing.growDisk(definition.id(), disk.id(), new DataSize(larger.bytes() + (8L << 20)));
    }

    @Test
    void ejectsFromDrivesThatExist() {
        MediaChanging media = capability(MediaChanging.class);
        InstanceDefinition definition = next();
        driver().define(definition, ProgressSink.NONE);
        fails(ErrorCode.NOT_FOUND, () -> media.changeMedia(definition.id(), UUID.randomUUID(), null));
        List<DiskSpec> drives = definition.disks().stream()
                .filter(disk -> disk.device() == DiskSpec.Device.CDROM)
                .toList();
        assumeTrue(!drives.isEmpty());
        media.changeMedia(definition.id(), drives.getFirst().id(), null);
        driver().start(definition.id());
        media.changeMedia(definition.id(), drives.getFirst().id(), null);
    }

    @Test
    void opensConsolesOfWhatRunsOnly() {
        Consoles consoles = capability(Consoles.class);
        UUID id = defined();
        for (ConsoleKind kind : driver().capabilities().consoles()) {
            fails(ErrorCode.WRONG_STATE, () -> consoles.openConsole(id, kind, new CollectedOutput()));
        }
    }

    @Test
    void opensNoConsoleThatItDoesNotDeclare() {
        Consoles consoles = capability(Consoles.class);
        UUID id = running();
        for (ConsoleKind kind : ConsoleKind.values()) {
            if (!driver().capabilities().consoles().contains(kind)) {
                fails(ErrorCode.UNSUPPORTED, () -> consoles.openConsole(id, kind, new CollectedOutput()));
            }
        }
    }

    @Test
    void aConsoleEndsWithItsInstance() {
        Consoles consoles = capability(Consoles.class);
        ConsoleKind kind =
                driver().capabilities().kinds().contains(InstanceKind.VM) ? ConsoleKind.SERIAL : ConsoleKind.SHELL;
        UUID id = running();
        ConsoleKind kind = shared();
        CollectedOutput first = new CollectedOutput();
        CollectedOutput second = new CollectedOutput();
        try (ConsoleStream one = consoles.openConsole(id, kind, first);
                ConsoleStream two = consoles.openConsole(id, kind, second)) {
            one.resize(80, 24);
            two.write(new byte[] {'\n'});
            driver().stop(id, StopMode.FORCE, Duration.ZERO);
            eventually(() -> "a console stayed open", () -> first.isClosed() && second.isClosed());
        }
    }

    /** The kind of console that several clients look at. */
    private ConsoleKind shared() {
        return driver().capabilities().consoles().contains(ConsoleKind.SERIAL)
                ? ConsoleKind.SERIAL
                : ConsoleKind.ATTACH;
    }

    @Test
    void keepsALogWithinALimit() {
        Logs logs = capability(Logs.class);
        UUID id = running();
        assertThat(logs.tailLog(id, 16)).hasSizeLessThanOrEqualTo(16);
        fails(ErrorCode.NOT_FOUND, () -> logs.tailLog(UUID.randomUUID(), 16));
    }

    @Test
    void samplesWhatRunsOnly() {
        Statistics statistics = capability(Statistics.class);
        UUID stopped = defined();
        UUID running = running();
        assertThat(statistics.sampleAll())
                .extracting(Sample::id)
                .contains(running)
                .doesNotContain(stopped);
    }
}
