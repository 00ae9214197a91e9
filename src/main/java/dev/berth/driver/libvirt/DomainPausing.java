package dev.berth.driver.libvirt;

import dev.berth.driver.Pausing;
import dev.berth.driver.RunState;
import dev.berth.ffi.VirtDomain;
import java.util.Set;
import java.util.UUID;

/** Stops and continues the virtual CPUs of a domain. */
final class DomainPausing implements Pausing {
    private final Domains domains;
    private final InstanceStore store;

    DomainPausing(Domains domains, InstanceStore store) {
        this.domains = domains;
        this.store = store;
    }

    @Override
    public void pause(UUID id) {
        domains.locked(id, () -> {
            store.stillness(id).end();
            domains.require(id, Set.of(RunState.RUNNING, RunState.PAUSED), "Only a running instance can be paused.");
            if (domains.state(id) == RunState.RUNNING) {
                domains.change(id, VirtDomain::suspend);
            }
        });
    }

    @Override
    public void resume(UUID id) {
        domains.locked(id, () -> {
            store.stillness(id).end();
            domains.require(id, Set.of(RunState.RUNNING, RunState.PAUSED), "Only a paused instance can be resumed.");
            if (domains.state(id) == RunState.PAUSED) {
                domains.change(id, VirtDomain::resume);
            }
        });
    }
}
