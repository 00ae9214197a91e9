package dev.berth.driver.fake;

import dev.berth.driver.Cloning;
import dev.berth.driver.DiskGrowing;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.MediaChanging;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.Rebuilding;
import dev.berth.driver.RunState;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What changes disks of fake instances. */
final class FakeDisks implements Cloning, Rebuilding, DiskGrowing, MediaChanging {
    private final FakeInstances instances;

    FakeDisks(FakeInstances instances) {
        this.instances = instances;
    }

    @Override
    public void cloneInstance(UUID source, InstanceDefinition target, ProgressSink progress) {
        progress.report(Progress.stage("copying disks"));
        instances.behaviour.change("Cloning.cloneInstance");
        FakeInstance original = instances.require(source);
        FakeInstance copy = new FakeInstance(target);
        copy.container.files = original.container.files.copy();
        instances.all().putIfAbsent(target.id(), copy);
        instances.changed(instances.require(target.id()));
    }

    @Override
    public void rebuild(InstanceDefinition definition, ProgressSink progress) {
        progress.report(Progress.stage("creating disks"));
        instances.behaviour.change("Rebuilding.rebuild");
        FakeInstance instance = instances.require(definition.id());
        instance.require(RunState.STOPPED, RunState.CRASHED);
        if (!instance.snapshots.isEmpty()) {
            throw BerthException.of(
                    ErrorCode.IN_USE, "Rebuilding would break the snapshots of this instance; delete them first.");
        }
        instance.container.files = new FakeFiles();
        instance.define(definition);
    }

    @Override
    public void growDisk(UUID id, UUID disk, DataSize size) {
        instances.behaviour.change("DiskGrowing.growDisk");
        FakeInstance instance = instances.require(id);
        DataSize present = instance.disks.get(disk);
        if (present == null) {
            throw BerthException.notFound("disk", disk);
        }
        if (present.bytes() > size.bytes()) {
            throw BerthException.invalid("/size", "A disk cannot shrink; it has " + present.bytes() + " bytes.");
        }
        instance.disks.put(disk, size);
    }

    @Override
    public void changeMedia(UUID id, UUID drive, @Nullable ImageRef image) {
        instances.behaviour.change("MediaChanging.changeMedia");
        if (!instances.require(id).disks.containsKey(drive)) {
            throw BerthException.notFound("drive", drive);
        }
    }
}
