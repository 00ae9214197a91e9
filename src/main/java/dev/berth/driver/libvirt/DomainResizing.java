package dev.berth.driver.libvirt;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.LiveResizing;
import dev.berth.driver.RunState;
import dev.berth.ffi.VirtDomain;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.util.Set;
import java.util.UUID;

/** Plugs CPUs and moves the balloon of a running domain. Unplugging a CPU needs a guest that lets it go. */
final class DomainResizing implements LiveResizing {
    private static final int LIVE_AND_STORED = VirtDomain.AFFECT_LIVE | VirtDomain.AFFECT_CONFIG;

    private final Domains domains;

    DomainResizing(Domains domains) {
        this.domains = domains;
    }

    @Override
    public void resize(UUID id, CpuCount cpus, DataSize memory) {
        domains.locked(id, () -> {
            domains.require(
                    id,
                    Set.of(RunState.RUNNING),
                    "Only a running instance is resized live; change the definition of a stopped one.");
            InstanceDefinition definition = domains.definition(id);
            if (cpus.value() > definition.maxCpus().value() || memory.compareTo(definition.maxMemory()) > 0) {
                throw BerthException.of(
                        ErrorCode.INVALID_ARGUMENT,
                        "A running instance cannot grow beyond "
                                + definition.maxCpus().value() + " CPUs and "
                                + definition.maxMemory().display() + "; raise its limits while it is stopped.");
            }
            try {
                domains.change(id, domain -> domain.setMemory(memory.toKibibytes(), LIVE_AND_STORED));
            } finally {
                // What can change changes, also when the other cannot.
                domains.change(id, domain -> domain.setCpus(cpus.value(), LIVE_AND_STORED));
            }
        });
    }
}
