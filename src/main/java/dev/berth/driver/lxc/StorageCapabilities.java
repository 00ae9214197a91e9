package dev.berth.driver.lxc;

import dev.berth.driver.Cloning;
import dev.berth.driver.Committing;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.FileAccess;
import dev.berth.driver.Rebuilding;
import dev.berth.driver.Snapshotting;
import java.time.Clock;
import java.util.Map;

/** The optional parts of the driver that are about files and disks. */
final class StorageCapabilities {
    private StorageCapabilities() {}

    static Map<Class<? extends DriverCapability>, DriverCapability> of(
            Containers containers,
            ContainerStore store,
            Launcher launcher,
            PowerButton power,
            Standstill standstill,
            Surroundings surroundings,
            Clock clock) {
        ContainerPlan plan = store.plan();
        return Map.of(
                FileAccess.class,
                new ContainerFileAccess(containers, plan, launcher),
                Snapshotting.class,
                new ContainerSnapshots(containers, power, standstill, clock),
                Cloning.class,
                new ContainerCloning(containers, store, standstill),
                Rebuilding.class,
                new ContainerRebuilding(containers, store),
                Committing.class,
                new ContainerCommit(containers, plan, launcher, standstill, surroundings.layers()));
    }
}
