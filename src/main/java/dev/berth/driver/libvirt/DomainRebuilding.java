package dev.berth.driver.libvirt;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.Rebuilding;
import dev.berth.driver.RunState;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.Set;
import java.util.UUID;

/** Makes the disks that come from images anew; blank disks keep their data. */
final class DomainRebuilding implements Rebuilding {
    private final Domains domains;
    private final InstanceStore store;

    DomainRebuilding(Domains domains, InstanceStore store) {
        this.domains = domains;
        this.store = store;
    }

    @Override
    public void rebuild(InstanceDefinition definition, ProgressSink progress) {
        UUID id = definition.id();
        domains.locked(id, () -> {
            domains.require(id, Set.of(RunState.STOPPED, RunState.CRASHED), "Stop the instance before rebuilding it.");
            InstanceFiles files = store.files(id);
            if (!new SnapshotIndex(files).all().isEmpty()) {
                throw BerthException.of(
                        ErrorCode.IN_USE, "Rebuilding would break the snapshots of this instance; delete them first.");
            }
            // First, so that a bad definition is refused while the old disks are still there.
            store.define(definition, progress);
            for (DiskSpec disk : Disks.of(definition)) {
                if (disk.image() != null) {
                    store.disks().create(disk, files.disk(disk.id()), progress);
                }
            }
            Trees.delete(files.nvram());
        });
    }
}
