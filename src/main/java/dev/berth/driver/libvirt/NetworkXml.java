package dev.berth.driver.libvirt;

import dev.berth.driver.Lease;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.nft.GuardedNetwork;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The network XML of a specification, and what is read back from libvirt's. See https://libvirt.org/formatnetwork.html. */
final class NetworkXml {
    private static final String DNSMASQ = "http://libvirt.org/schemas/network/dnsmasq/1.0";
    private static final String OPEN = "open";
    /** What Berth made before it had a packet filter of its own. */
    private static final String NAT = "nat";

    private NetworkXml() {}

    /** A network whose server reads these leases; the packet filter is Berth's own. */
    static String of(NetworkSpec network, StaticLeases leases) {
        Xml xml = new Xml();
        xml.open("network", "xmlns:dnsmasq", DNSMASQ);
        xml.text("name", network.name());
        xml.text("uuid", network.id().toString());
        xml.leaf("forward", "mode", OPEN);
        xml.leaf("bridge", "name", network.name(), "stp", "off", "delay", "0");
        xml.leaf("domain", "name", network.domain(), "localOnly", "yes");
        xml.open(
                "ip",
                "address",
                network.gateway().value(),
                "netmask",
                network.subnet().netmask());
        xml.open("dhcp");
        range(xml, network);
        xml.close().close();
        xml.open("dnsmasq:options");
        options(leases).forEach(option -> xml.leaf("dnsmasq:option", "value", option));
        return xml.close().close().toString();
    }

    private static List<String> options(StaticLeases leases) {
        return List.of("dhcp-hostsdir=" + leases.dhcp(), "hostsdir=" + leases.dns());
    }

    /** All addresses but the gateway's; the DHCP server itself keeps reserved ones for their owners. */
    private static void range(Xml xml, NetworkSpec network) {
        long gateway = network.gateway().bits() - network.subnet().network().bits();
        long last = network.subnet().size() - 2;
        // The longer side of the gateway, because a range must not contain it.
        long from = gateway - 1 > last - gateway ? 1 : gateway + 1;
        long to = from == 1 ? gateway - 1 : last;
        xml.leaf(
                "range",
                "start",
                network.subnet().at(from).value(),
                "end",
                network.subnet().at(to).value());
    }

    /** The leases that the definition itself has: what an earlier Berth or somebody else entered there. */
    static List<Lease> reservations(String xml) {
        List<Lease> leases = new ArrayList<>();
        for (XmlElement host : XmlElement.parse(xml).all("host")) {
            if (host.attributes().keySet().containsAll(Set.of("mac", "ip"))) {
                leases.add(new Lease(
                        new MacAddress(host.attribute("mac")), new Ipv4(host.attribute("ip")), host.attribute("name")));
            }
        }
        return leases;
    }

    /** Whether the network that libvirt has is the one described, apart from reservations. */
    static boolean matches(String xml, NetworkSpec network) {
        XmlElement root = XmlElement.parse(xml);
        return root.attribute("bridge", "name").equals(network.name())
                && Set.of(OPEN, NAT).contains(root.attribute("forward", "mode"))
                && root.attribute("domain", "name").equals(network.domain())
                && root.attribute("ip", "address").equals(network.gateway().value())
                && root.attribute("ip", "netmask").equals(network.subnet().netmask());
    }

    /** Whether it is as this version makes networks: its rules Berth's own, its leases in files. */
    static boolean isCurrent(String xml, StaticLeases leases) {
        XmlElement root = XmlElement.parse(xml);
        List<String> present = root.all("dnsmasq:option").stream()
                .map(option -> option.attribute("value"))
                .toList();
        return root.attribute("forward", "mode").equals(OPEN) && present.containsAll(options(leases));
    }

    /** The same network without rules of libvirt's and without leases of its own. */
    static String current(String xml, StaticLeases leases) {
        XmlElement root = XmlElement.parse(xml);
        List<XmlElement> children = new ArrayList<>();
        for (XmlElement child : root.children()) {
            if (child.name().equals("forward")) {
                children.add(new XmlElement("forward", Map.of("mode", OPEN), List.of(), ""));
            } else if (!child.name().equals("dnsmasq:options")) {
                children.add(withoutHosts(child));
            }
        }
        children.add(new XmlElement(
                "dnsmasq:options",
                Map.of("xmlns:dnsmasq", DNSMASQ),
                options(leases).stream()
                        .map(option -> new XmlElement("dnsmasq:option", Map.of("value", option), List.of(), ""))
                        .toList(),
                ""));
        Xml text = new Xml();
        root.with(children).write(text);
        return text.toString();
    }

    private static XmlElement withoutHosts(XmlElement element) {
        boolean holder = element.name().equals("dhcp") || element.name().equals("dns");
        return element.with(element.children().stream()
                .filter(child -> !holder || !child.name().equals("host"))
                .map(NetworkXml::withoutHosts)
                .toList());
    }

    /** The bridge and subnet of a network that Berth made and keeps the rules of; empty for any other. */
    static Optional<GuardedNetwork> guarded(String xml, String name) {
        XmlElement root = XmlElement.parse(xml);
        if (!isOurs(xml, name) || !root.attribute("forward", "mode").equals(OPEN)) {
            return Optional.empty();
        }
        Ipv4 gateway = new Ipv4(root.attribute("ip", "address"));
        long mask = new Ipv4(root.attribute("ip", "netmask")).bits();
        return Optional.of(new GuardedNetwork(name, new Cidr(Ipv4.ofBits(gateway.bits() & mask), Long.bitCount(mask))));
    }

    /** What a network was made from. */
    static NetworkSpec spec(String xml, GuardedNetwork guarded) {
        XmlElement root = XmlElement.parse(xml);
        return new NetworkSpec(
                UUID.fromString(root.all("uuid").getFirst().text().trim()),
                guarded.bridge(),
                guarded.subnet(),
                new Ipv4(root.attribute("ip", "address")),
                domain(xml));
    }

    static String domain(String xml) {
        return XmlElement.parse(xml).attribute("domain", "name");
    }

    /** Berth names the bridge like the network; libvirt's own and foreign ones do not. */
    static boolean isOurs(String xml, String name) {
        return XmlElement.parse(xml).attribute("bridge", "name").equals(name);
    }
}
