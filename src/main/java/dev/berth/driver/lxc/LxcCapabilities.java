package dev.berth.driver.lxc;

import dev.berth.driver.Capabilities;
import dev.berth.driver.Capability;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.Consoles;
import dev.berth.driver.DiskGrowing;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.Executing;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LiveLimits;
import dev.berth.driver.LiveResizing;
import dev.berth.driver.Logs;
import dev.berth.driver.Pausing;
import dev.berth.driver.Processes;
import dev.berth.driver.RecordLogs;
import dev.berth.driver.Statistics;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The optional parts of the driver. */
final class LxcCapabilities {
    private final Map<Class<? extends DriverCapability>, DriverCapability> parts = new HashMap<>();

    LxcCapabilities(
            Containers containers, ContainerExec exec, DirectoryWatch watch, Consumer<UUID> changed, Clock clock) {
        ContainerLimits limits = new ContainerLimits(containers);
        ContainerRecordLogs records = new ContainerRecordLogs(containers, watch);
        parts.put(Pausing.class, new ContainerPausing(containers, changed));
        parts.put(LiveLimits.class, limits);
        parts.put(LiveResizing.class, limits);
        parts.put(DiskGrowing.class, new ContainerDiskGrowing(containers));
        parts.put(Executing.class, exec);
        parts.put(Consoles.class, new ContainerConsoles(containers, exec));
        parts.put(RecordLogs.class, records);
        parts.put(Logs.class, new ContainerLogs(records));
        parts.put(Processes.class, new ContainerProcesses(containers));
        parts.put(Statistics.class, new ContainerStatistics(containers, clock));
    }

    /** Adds further parts. */
    void add(Map<Class<? extends DriverCapability>, DriverCapability> more) {
        parts.putAll(more);
    }

    Capabilities declared() {
        Set<Capability> supported = parts.keySet().stream().map(Capability::of).collect(Collectors.toSet());
        return new Capabilities(
                Set.of(InstanceKind.CONTAINER), supported, Set.of(ConsoleKind.ATTACH, ConsoleKind.SHELL), false);
    }

    <C extends DriverCapability> Optional<C> find(Class<C> type) {
        return Optional.ofNullable(parts.get(type)).map(type::cast);
    }
}
