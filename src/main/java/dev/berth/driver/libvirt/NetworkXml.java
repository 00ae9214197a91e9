package dev.berth.driver.libvirt;

import dev.berth.driver.Lease;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.nft.GuardedNetwork;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.w3c.dom.Element;

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
        for (Element host : XmlReader.all(XmlReader.parse(xml), "host")) {
            if (host.hasAttribute("mac") && host.hasAttribute("ip")) {
                leases.add(new Lease(
                        new MacAddress(host.getAttribute("mac")),
                        new Ipv4(host.getAttribute("ip")),
                        host.getAttribute("name")));
            }
        }
        return leases;
    }

    /** Whether the network that libvirt has is the one described, apart from reservations. */
    static boolean matches(String xml, NetworkSpec network) {
        Element root = XmlReader.parse(xml);
        return XmlReader.attribute(root, "bridge", "name").equals(network.name())
                && Set.of(OPEN, NAT).contains(XmlReader.attribute(root, "forward", "mode"))
                && XmlReader.attribute(root, "domain", "name").equals(network.domain())
                && XmlReader.attribute(root, "ip", "address")
                        .equals(network.gateway().value())
                && XmlReader.attribute(root, "ip", "netmask")
                        .equals(network.subnet().netmask());
    }

    /** Whether it is as this version makes networks: its rules Berth's own, its leases in files. */
    static boolean isCurrent(String xml, StaticLeases leases) {
        Element root = XmlReader.parse(xml);
        List<String> present = XmlReader.all(root, "dnsmasq:option").stream()
                .map(option -> option.getAttribute("value"))
                .toList();
        return XmlReader.attribute(root, "forward", "mode").equals(OPEN) && present.containsAll(options(leases));
    }

    /** The same network without rules of libvirt's and without leases of its own. */
    static String current(String xml, StaticLeases leases) {
        Element root = XmlReader.parse(xml);
        for (String section : List.of("dhcp", "dns")) {
            for (Element parent : XmlReader.all(root, section)) {
                XmlReader.all(parent, "host").forEach(parent::removeChild);
            }
        }
        XmlReader.all(root, "dnsmasq:options").forEach(root::removeChild);
        Element options = root.getOwnerDocument().createElementNS(DNSMASQ, "dnsmasq:options");
        root.appendChild(options);
        for (String value : options(leases)) {
            Element option = root.getOwnerDocument().createElementNS(DNSMASQ, "dnsmasq:option");
            option.setAttribute("value", value);
            options.appendChild(option);
        }
        Element forward = XmlReader.all(root, "forward").getFirst();
        forward.setAttribute("mode", OPEN);
        forward.removeAttribute("dev");
        while (forward.hasChildNodes()) {
            forward.removeChild(forward.getFirstChild());
        }
        return XmlReader.text(root);
    }

    /** The bridge and subnet of a network that Berth made and keeps the rules of; empty for any other. */
    static Optional<GuardedNetwork> guarded(String xml, String name) {
        Element root = XmlReader.parse(xml);
        if (!isOurs(xml, name) || !XmlReader.attribute(root, "forward", "mode").equals(OPEN)) {
            return Optional.empty();
        }
        Ipv4 gateway = new Ipv4(XmlReader.attribute(root, "ip", "address"));
        long mask = new Ipv4(XmlReader.attribute(root, "ip", "netmask")).bits();
        return Optional.of(new GuardedNetwork(name, new Cidr(Ipv4.ofBits(gateway.bits() & mask), Long.bitCount(mask))));
    }

    /** What a network was made from. */
    static NetworkSpec spec(String xml, GuardedNetwork guarded) {
        Element root = XmlReader.parse(xml);
        return new NetworkSpec(
                UUID.fromString(
                        XmlReader.all(root, "uuid").getFirst().getTextContent().trim()),
                guarded.bridge(),
                guarded.subnet(),
                new Ipv4(XmlReader.attribute(root, "ip", "address")),
                domain(xml));
    }

    static String domain(String xml) {
        return XmlReader.attribute(XmlReader.parse(xml), "domain", "name");
    }

    /** Berth names the bridge like the network; libvirt's own and foreign ones do not. */
    static boolean isOurs(String xml, String name) {
        return XmlReader.attribute(XmlReader.parse(xml), "bridge", "name").equals(name);
    }
}
