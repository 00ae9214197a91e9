package dev.berth.driver.libvirt;

import dev.berth.driver.Lease;
import dev.berth.kernel.Ipv4;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a network's DNS server, so that an instance resolves that never asks the DHCP server.
 *
 * <p>The short name belongs to who had it first. The qualified name {@code hostname.project.domain} is made of names that are unique
 * together, so no project can take another's; as {@code hostname.project} it is found through the network's search domain. That shorter
 * form is no entry of its own: a project named like a top-level domain would answer for the world's names.
 *
 * @param names the first is the short name
 */
record DnsHost(Ipv4 address, List<String> names) {
    DnsHost {
        names = List.copyOf(names);
    }

    /** The names of a lease beside entries that there are. */
    static DnsHost of(Lease lease, String shortName, String domain, List<DnsHost> present) {
        List<String> names = new ArrayList<>(List.of(shortName));
        if (!lease.project().isEmpty() && !domain.isEmpty()) {
            String tail = "." + lease.project() + "." + domain;
            String wanted = lease.hostname() + tail;
            // A second interface of the same instance.
            boolean taken = present.stream()
                    .anyMatch(host -> !host.address().equals(lease.address())
                            && host.names().contains(wanted));
            names.add(taken ? shortName + tail : wanted);
        }
        return new DnsHost(lease.address(), names);
    }

    static List<DnsHost> all(String networkXml) {
        return XmlElement.parse(networkXml).all("dns").stream()
                .flatMap(dns -> dns.all("host").stream())
                .map(DnsHost::read)
                .toList();
    }

    static Optional<DnsHost> find(Ipv4 address, List<DnsHost> hosts) {
        return hosts.stream().filter(host -> host.address().equals(address)).findFirst();
    }

    private static DnsHost read(XmlElement host) {
        return new DnsHost(
                new Ipv4(host.attribute("ip")),
                host.all("hostname").stream().map(XmlElement::text).toList());
    }

    /** As {@code hosts(5)} has it. */
    String line() {
        return address.value() + " " + String.join(" ", names);
    }
}
