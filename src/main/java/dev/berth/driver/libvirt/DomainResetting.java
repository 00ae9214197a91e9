package dev.berth.driver.libvirt;

import dev.berth.driver.Resetting;
import dev.berth.driver.RunState;
import dev.berth.ffi.VirtDomain;
import java.util.Set;
import java.util.UUID;

/** Resets the machine of a domain. */
final class DomainResetting implements Resetting {
    private final Domains domains;

    DomainResetting(Domains domains) {
        this.domains = domains;
    }

    @Override
    public void reset(UUID id) {
        domains.require(id, Set.of(RunState.RUNNING), "Only a running instance can be reset.");
        domains.change(id, VirtDomain::reset);
    }
}
