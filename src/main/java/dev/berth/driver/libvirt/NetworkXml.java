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
    private static final String OPEN = "open";
    /** What Berth made before it had a packet filter of its own. */
    private static final String NAT = "nat";

    private NetworkXml() {}

    /** A network whose DHCP server knows these reservations; the packet filter is Berth's own. */
    static String of(NetworkSpec network, List<Lease> reservations) {
        Xml xml = new Xml();
        xml.open("network");
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
        reservations.forEach(lease -> host(xml, lease));
        return xml.close().close().close().toString();
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

    static String host(Lease lease) {
        Xml xml = new Xml();
        host(xml, lease);
        return xml.toString();
    }

    private static void host(Xml xml, Lease lease) {
        xml.leaf(
                "host",
                "mac",
                lease.mac().value(),
                "name",
                lease.hostname(),
                "ip",
                lease.address().value());
    }

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

    /** Whether libvirt translates addresses for it, with rules of its own. */
    static boolean isTranslated(String xml) {
        return XmlReader.attribute(XmlReader.parse(xml), "forward", "mode").equals(NAT);
    }

    /** The same network without rules of libvirt's. */
    static String opened(String xml) {
        Element root = XmlReader.parse(xml);
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
