package dev.berth.driver.libvirt;

import dev.berth.driver.DiskGrowing;
import dev.berth.ffi.VirtDomain;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Path;
import java.util.UUID;

/** Grows qcow2 files: through QEMU while the domain runs, with {@code qemu-img} otherwise. */
final class DomainDiskGrowing implements DiskGrowing {
    private final Domains domains;
    private final InstanceStore store;

    DomainDiskGrowing(Domains domains, InstanceStore store) {
        this.domains = domains;
        this.store = store;
    }

    @Override
    public void growDisk(UUID id, UUID disk, DataSize size) {
        domains.locked(id, () -> {
            VirtDomain.State seen = domains.with(id, VirtDomain::state);
            if (Disks.of(domains.definition(id)).stream()
                    .noneMatch(one -> one.id().equals(disk))) {
                throw BerthException.notFound("disk", disk);
            }
            Path file = store.files(id).disk(disk);
            int difference = size.compareTo(QemuImg.virtualSize(new QemuImg.Base(file, "qcow2")));
            if (difference < 0) {
                throw BerthException.of(
                        ErrorCode.INVALID_ARGUMENT, "A disk cannot shrink; make a new, smaller one and copy.");
            }
            if (difference > 0) {
                grow(id, file, size, DomainStates.active(seen));
            }
        });
    }

    private void grow(UUID id, Path file, DataSize size, boolean active) {
        if (active) {
            domains.change(id, domain -> domain.resizeDisk(file.toString(), size.bytes()));
        } else {
            QemuImg.grow(file, size);
        }
    }
}
