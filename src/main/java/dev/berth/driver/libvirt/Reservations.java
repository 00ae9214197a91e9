package dev.berth.driver.libvirt;

import dev.berth.driver.Lease;
import java.util.List;

/** Rules of static DHCP entries. */
final class Reservations {
    private Reservations() {}

    /**
     * The same lease with a host name that no other entry has. Names are unique within a project, but a network may serve
     * several, and libvirt refuses a second entry of one name.
     */
    static Lease withUniqueName(Lease lease, List<Lease> present) {
        boolean taken = present.stream()
                .anyMatch(other ->
                        !other.mac().equals(lease.mac()) && other.hostname().equals(lease.hostname()));
        String suffix = "-" + lease.mac().value().replace(":", "").substring(6);
        return taken ? new Lease(lease.mac(), lease.address(), lease.hostname() + suffix, lease.project()) : lease;
    }
}
