package dev.berth.driver.libvirt;

import dev.berth.driver.BootTime;
import dev.berth.driver.NicSpec;
import dev.berth.driver.ObservedState;
import dev.berth.driver.RunState;
import dev.berth.ffi.VirtDomain;
import dev.berth.kernel.Ipv4;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts together what is seen of an instance: libvirt's state, leases of its interfaces, the start of its process. */
final class Observer {
    private final Domains domains;
    private final LeaseTable leases;
    private final Path runDirectory;
    private final Clock clock;
    private final BootTime bootTime;

    Observer(Domains domains, LeaseTable leases, Path runDirectory, Clock clock) {
        this.domains = domains;
        this.leases = leases;
        this.runDirectory = runDirectory;
        this.clock = clock;
        this.bootTime = new BootTime(clock);
    }

    ObservedState observe(UUID id) {
        return state(id, domains.with(id, VirtDomain::state));
    }

    List<ObservedState> observeAll() {
        List<ObservedState> all = new ArrayList<>();
        for (Map.Entry<UUID, VirtDomain.State> seen : domains.states().entrySet()) {
            all.add(state(seen.getKey(), seen.getValue()));
        }
        return all;
    }

    private ObservedState state(UUID id, VirtDomain.State seen) {
        RunState state = DomainStates.runState(seen);
        boolean active = DomainStates.active(seen);
        return ObservedState.of(
                id,
                state,
                DomainStates.reason(seen),
                active ? addresses(id) : List.of(),
                active ? startedAt(id) : null,
                clock.instant());
    }

    private List<Ipv4> addresses(UUID id) {
        if (!domains.isKnown(id)) {
            return List.of();
        }
        return domains.definition(id).nics().stream()
                .map(NicSpec::mac)
                .flatMap(mac -> leases.address(mac).stream())
                .toList();
    }

    private @Nullable Instant startedAt(UUID id) {
        return QemuProcess.find(runDirectory, id)
                .flatMap(QemuProcess::startTicks)
                .map(bootTime::atTick)
                .orElse(null);
    }
}
