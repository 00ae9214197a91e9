package dev.berth.driver.libvirt;

import dev.berth.ffi.VirtException;
import dev.berth.ffi.VirtNetwork;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import dev.berth.kernel.Threads;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The addresses that DHCP servers of the node have given out, looked at once a second by a thread of its own. */
final class LeaseTable implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 1000;

    private final Hypervisor hypervisor;
    private final Thread thread;
    private volatile Map<MacAddress, Ipv4> leases = Map.of();

    /**
     * A table that tells of changes.
     *
     * @param changed gets the interfaces whose address is new, different or gone
     */
    LeaseTable(Hypervisor hypervisor, Consumer<Set<MacAddress>> changed) {
        this.hypervisor = hypervisor;
        this.thread = Threads.daemons("libvirt-leases").newThread(() -> watch(changed));
    }

    void start() {
        thread.start();
    }

    Optional<Ipv4> address(MacAddress mac) {
        return Optional.ofNullable(leases.get(mac));
    }

    private void watch(Consumer<Set<MacAddress>> changed) {
        do {
            try {
                Map<MacAddress, Ipv4> before = leases;
                Map<MacAddress, Ipv4> now = read();
                leases = now;
                Set<MacAddress> differences = differences(before, now);
                if (!differences.isEmpty()) {
                    changed.accept(differences);
                }
            } catch (BerthException e) {
                // libvirt is away; the old table stays true enough until it is back.
                System.getLogger(LeaseTable.class.getName()).log(System.Logger.Level.DEBUG, "no leases", e);
            }
        } while (Threads.sleep(INTERVAL_MILLIS));
    }

    private Map<MacAddress, Ipv4> read() {
        return hypervisor.call(connection -> {
            Map<MacAddress, Ipv4> found = new HashMap<>();
            for (VirtNetwork network : connection.networks()) {
                try (network) {
                    if (network.isActive()) {
                        network.leases().forEach(lease -> add(found, lease));
                    }
                } catch (VirtException e) {
                    // It was removed in the meantime, or has no DHCP server.
                    System.getLogger(LeaseTable.class.getName()).log(System.Logger.Level.DEBUG, e.message());
                }
            }
            return Map.copyOf(found);
        });
    }

    private static void add(Map<MacAddress, Ipv4> found, VirtNetwork.DhcpLease lease) {
        try {
            found.put(new MacAddress(lease.mac()), new Ipv4(lease.address()));
        } catch (BerthException e) {
            // A client may claim any hardware address; one that is none of ours does not matter.
            System.getLogger(LeaseTable.class.getName()).log(System.Logger.Level.DEBUG, e.message());
        }
    }

    static Set<MacAddress> differences(Map<MacAddress, Ipv4> before, Map<MacAddress, Ipv4> now) {
        Set<MacAddress> different = new HashSet<>(before.keySet());
        different.addAll(now.keySet());
        different.removeIf(mac -> Objects.equals(before.get(mac), now.get(mac)));
        return different;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
