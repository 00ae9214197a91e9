package dev.berth.driver.fake;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.VolumeDriver;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Volumes in memory: they have sizes and users, and nothing in them. */
final class FakeVolumes implements VolumeDriver {
    private final FakeFleet fleet;
    private final Map<UUID, VolumeSpec> volumes = new ConcurrentHashMap<>();

    FakeVolumes(FakeFleet fleet) {
        this.fleet = fleet;
    }

    @Override
    public void ensureVolume(VolumeSpec volume) {
        fleet.behaviour.change("VolumeDriver.ensureVolume");
        volumes.merge(volume.id(), volume, (old, wanted) -> {
            if (wanted.size().compareTo(old.size()) < 0) {
                throw BerthException.of(ErrorCode.INVALID_ARGUMENT, "A volume can grow, but not shrink.");
            }
            return wanted;
        });
    }

    @Override
    public void removeVolume(UUID id) {
        fleet.behaviour.change("VolumeDriver.removeVolume");
        if (!users(id).isEmpty()) {
            throw BerthException.of(ErrorCode.IN_USE, "A container uses the volume; remove it from there first.");
        }
        volumes.remove(id);
    }

    @Override
    public List<VolumeState> volumes() {
        fleet.behaviour.look("VolumeDriver.volumes");
        return volumes.values().stream()
                .map(volume -> new VolumeState(volume.id(), volume.size(), new DataSize(0), users(volume.id())))
                .toList();
    }

    private List<UUID> users(UUID volume) {
        return fleet.all()
                .map(FakeInstance::definition)
                .filter(definition -> uses(definition, volume))
                .map(InstanceDefinition::id)
                .toList();
    }

    private static boolean uses(InstanceDefinition definition, UUID volume) {
        return definition.spec() instanceof ContainerSpec container
                && container.mounts().stream().anyMatch(mount -> volume.equals(mount.volume()));
    }
}
