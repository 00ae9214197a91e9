package dev.berth.driver.libvirt;

import dev.berth.driver.Lease;
import dev.berth.ffi.VirtNetwork;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import java.util.List;
import java.util.Optional;

/** The static entries of a network's DHCP and DNS server, changed without restarting it. */
final class NetworkNames {
    private NetworkNames() {}

    static void reserve(VirtNetwork network, Lease lease) {
        String xml = network.xml();
        List<Lease> present = NetworkXml.reservations(xml);
        Lease wanted = Reservations.withUniqueName(lease, present);
        boolean there = false;
        for (Lease old : present) {
            if (old.mac().equals(lease.mac())) {
                there = old.address().equals(wanted.address()) && old.hostname().equals(wanted.hostname());
                if (!there) {
                    network.changeHost(VirtNetwork.Change.DELETE, NetworkXml.host(old));
                    forget(network, xml, old.address());
                }
            } else if (old.address().equals(lease.address())) {
                throw BerthException.of(
                        ErrorCode.IN_USE,
                        "Address " + lease.address() + " of the network " + network.name()
                                + " is reserved for an interface that this panel does not know; try again, and another is used.");
            }
        }
        if (!there) {
            network.changeHost(VirtNetwork.Change.ADD, NetworkXml.host(wanted));
        }
        name(network, lease, wanted.hostname());
    }

    private static void name(VirtNetwork network, Lease lease, String shortName) {
        String xml = network.xml();
        List<DnsHost> hosts = DnsHost.all(xml);
        DnsHost wanted = DnsHost.of(lease, shortName, NetworkXml.domain(xml), hosts);
        Optional<DnsHost> old = DnsHost.find(lease.address(), hosts);
        if (old.isPresent() && old.get().equals(wanted)) {
            return;
        }
        old.ifPresent(host -> network.changeDnsHost(VirtNetwork.Change.DELETE, host.xml()));
        network.changeDnsHost(VirtNetwork.Change.ADD, wanted.xml());
    }

    static void release(VirtNetwork network, Lease lease) {
        String xml = network.xml();
        NetworkXml.reservations(xml).stream()
                .filter(old -> old.mac().equals(lease.mac()))
                .forEach(old -> {
                    network.changeHost(VirtNetwork.Change.DELETE, NetworkXml.host(old));
                    forget(network, xml, old.address());
                });
    }

    private static void forget(VirtNetwork network, String xml, Ipv4 address) {
        DnsHost.find(address, DnsHost.all(xml))
                .ifPresent(host -> network.changeDnsHost(VirtNetwork.Change.DELETE, host.xml()));
    }
}
