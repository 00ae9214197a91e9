package dev.berth.driver.fake;

import dev.berth.driver.Capabilities;
import dev.berth.driver.Capability;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.RunState;
import java.util.Map;
import java.util.Set;

/** The drivers of a fake node, one for each kind of instance, each with what its kind can do. */
final class FakeDrivers {
    private FakeDrivers() {}

    static InstanceDriver machines(FakeFleet fleet) {
        FakeInstances instances = fleet.machines;
        FakeInstanceDriver.Running running = new FakeInstanceDriver.Running() {
            @Override
            public void start(FakeInstance instance) {
                instances.enter(instance, RunState.RUNNING);
            }

            @Override
            public void stop(FakeInstance instance) {
                instances.enter(instance, RunState.STOPPED);
            }
        };
        FakePower power = new FakePower(instances);
        FakeDisks disks = new FakeDisks(instances);
        Set<ConsoleKind> consoles = Set.of(ConsoleKind.SERIAL, ConsoleKind.GRAPHICAL);
        Map<Capability, DriverCapability> capabilities = Map.ofEntries(
                Map.entry(Capability.PAUSE, power),
                Map.entry(Capability.RESET, power),
                Map.entry(Capability.LIVE_RESIZE, power),
                Map.entry(Capability.SNAPSHOT, new FakeSnapshots(instances, running, true)),
                Map.entry(Capability.CLONE, disks),
                Map.entry(Capability.REBUILD, disks),
                Map.entry(Capability.DISK_GROW, disks),
                Map.entry(Capability.MEDIA, disks),
                Map.entry(Capability.CONSOLE, new FakeConsoles(instances, consoles)),
                Map.entry(Capability.LOG, new FakeLogs(instances)),
                Map.entry(Capability.STATISTICS, new FakeStatistics(instances)));
        return new FakeInstanceDriver(
                instances,
                new Capabilities(Set.of(InstanceKind.VM), capabilities.keySet(), consoles, true),
                capabilities,
                running);
    }

    static InstanceDriver containers(FakeFleet fleet, FakeRuns runs, FakeImages images) {
        FakeInstances instances = fleet.containers;
        FakeInstanceDriver.Running running = new FakeInstanceDriver.Running() {
            @Override
            public void start(FakeInstance instance) {
                runs.start(instance);
            }

            @Override
            public void stop(FakeInstance instance) {
                runs.stop(instance);
            }
        };
        FakeDisks disks = new FakeDisks(instances);
        Set<ConsoleKind> kinds = Set.of(ConsoleKind.ATTACH, ConsoleKind.SHELL);
        FakeConsoles consoles = new FakeConsoles(instances, kinds);
        FakeExec exec = new FakeExec(instances, consoles);
        Map<Capability, DriverCapability> capabilities = Map.ofEntries(
                Map.entry(Capability.PAUSE, new FakePower(instances)),
                Map.entry(Capability.SNAPSHOT, new FakeSnapshots(instances, running, false)),
                Map.entry(Capability.CLONE, disks),
                Map.entry(Capability.REBUILD, disks),
                Map.entry(Capability.DISK_GROW, disks),
                Map.entry(Capability.CONSOLE, consoles),
                Map.entry(Capability.STATISTICS, new FakeStatistics(instances)),
                Map.entry(Capability.EXEC, exec),
                Map.entry(Capability.PROCESSES, exec),
                Map.entry(Capability.RECORD_LOG, new FakeRecordLogs(instances)),
                Map.entry(Capability.FILES, new FakeFileAccess(instances)),
                Map.entry(Capability.COMMIT, new FakeCommit(instances, images)),
                Map.entry(Capability.LIVE_LIMITS, new FakeLimits(instances)));
        return new FakeInstanceDriver(
                instances,
                new Capabilities(Set.of(InstanceKind.CONTAINER), capabilities.keySet(), kinds, false),
                capabilities,
                running);
    }
}
