package dev.berth.driver.libvirt;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.MediaChanging;
import dev.berth.ffi.VirtConnection;
import dev.berth.ffi.VirtDomain;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes what lies in the optical drives of a domain: in the stored definition, and at once if it runs. */
final class DomainMedia implements MediaChanging {
    /** {@code VIR_DOMAIN_DEVICE_MODIFY_FORCE}: also when the guest has locked the tray. */
    private static final int FORCE = 4;

    private final Domains domains;
    private final LibvirtSettings settings;

    DomainMedia(Domains domains, LibvirtSettings settings) {
        this.domains = domains;
        this.settings = settings;
    }

    @Override
    public void changeMedia(UUID id, UUID drive, @Nullable ImageRef image) {
        domains.locked(id, () -> {
            VirtDomain.State seen = domains.with(id, VirtDomain::state);
            Path file = image == null ? null : settings.layout().image(image);
            if (file != null && !Files.isRegularFile(file)) {
                throw BerthException.of(ErrorCode.NOT_FOUND, "The image is not on this node; import it first.");
            }
            InstanceDefinition changed = change(domains.definition(id), drive, image);
            if (DomainStates.active(seen)) {
                domains.change(id, domain -> insert(domain, drive, file));
            }
            domains.define(changed, new DomainXml(settings).of(changed), VirtConnection.DEFINE_VALIDATE);
        });
    }

    private static void insert(VirtDomain domain, UUID drive, @Nullable Path file) {
        XmlElement disk = XmlElement.parse(domain.xml(0)).all("disk").stream()
                .filter(one -> one.attribute("alias", "name").equals(DeviceXml.alias(drive)))
                .findFirst()
                .orElseThrow(() -> BerthException.of(
                        ErrorCode.WRONG_STATE, "The running instance does not have this drive yet; restart it first."));
        Xml xml = new Xml();
        xml.open("disk", "type", "file", "device", "cdrom");
        xml.leaf("driver", "name", "qemu", "type", "raw");
        if (file != null) {
            xml.leaf("source", "file", file.toString());
        }
        xml.leaf("target", "dev", disk.attribute("target", "dev"), "bus", "sata");
        xml.leaf("readonly").leaf("alias", "name", DeviceXml.alias(drive)).close();
        domain.updateDevice(xml.toString(), VirtDomain.AFFECT_LIVE | FORCE);
    }

    private static InstanceDefinition change(InstanceDefinition old, UUID drive, @Nullable ImageRef image) {
        if (old.disks().stream().noneMatch(disk -> isDrive(disk, drive))) {
            throw BerthException.notFound("optical drive", drive);
        }
        return old.withDisks(old.disks().stream()
                .map(disk -> isDrive(disk, drive) ? holding(disk, image) : disk)
                .toList());
    }

    private static boolean isDrive(DiskSpec disk, UUID drive) {
        return disk.id().equals(drive) && disk.device() == DiskSpec.Device.CDROM;
    }

    private static DiskSpec holding(DiskSpec drive, @Nullable ImageRef image) {
        return new DiskSpec(
                drive.id(), drive.name(), drive.device(), drive.size(), image, drive.cloneMode(), drive.bus());
    }
}
