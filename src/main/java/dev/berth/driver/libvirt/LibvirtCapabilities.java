package dev.berth.driver.libvirt;

import dev.berth.driver.Capabilities;
import dev.berth.driver.Capability;
import dev.berth.driver.Cloning;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.Consoles;
import dev.berth.driver.DiskGrowing;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LiveResizing;
import dev.berth.driver.Logs;
import dev.berth.driver.MediaChanging;
import dev.berth.driver.Pausing;
import dev.berth.driver.Rebuilding;
import dev.berth.driver.Resetting;
import dev.berth.driver.Snapshotting;
import dev.berth.driver.Statistics;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The optional parts of the driver; libvirt's test hypervisor has only one of them. */
final class LibvirtCapabilities implements AutoCloseable {
    private final Map<Class<? extends DriverCapability>, DriverCapability> parts = new HashMap<>();
    private final DomainConsoles consoles;
    private final boolean simulated;

    LibvirtCapabilities(
            LibvirtSettings settings, Domains domains, InstanceStore store, AfterBoot afterBoot, Clock clock) {
        simulated = settings.simulated();
        consoles = new DomainConsoles(domains, store);
        parts.put(Pausing.class, new DomainPausing(domains, store));
        if (simulated) {
            return;
        }
        DomainSnapshots snapshots = new DomainSnapshots(domains, store, afterBoot, clock);
        parts.put(Resetting.class, new DomainResetting(domains));
        parts.put(Snapshotting.class, snapshots);
        parts.put(Cloning.class, new DomainCloning(domains, store));
        parts.put(Rebuilding.class, new DomainRebuilding(domains, store));
        parts.put(LiveResizing.class, new DomainResizing(domains));
        parts.put(DiskGrowing.class, new DomainDiskGrowing(domains, store));
        parts.put(MediaChanging.class, new DomainMedia(domains, settings));
        parts.put(Consoles.class, consoles);
        parts.put(Logs.class, new DomainLogs(domains, store));
        parts.put(Statistics.class, new DomainStatistics(domains, settings.runDirectory(), clock));
    }

    Capabilities declared() {
        Set<Capability> supported = parts.keySet().stream().map(Capability::of).collect(Collectors.toSet());
        Set<ConsoleKind> kinds = simulated ? Set.of() : Set.of(ConsoleKind.values());
        return new Capabilities(Set.of(InstanceKind.VM), supported, kinds, !simulated);
    }

    <C extends DriverCapability> Optional<C> find(Class<C> type) {
        return Optional.ofNullable(parts.get(type)).map(type::cast);
    }

    void closeConsoles(UUID id) {
        consoles.closeAll(id);
    }

    @Override
    public void close() {
        consoles.close();
    }
}
