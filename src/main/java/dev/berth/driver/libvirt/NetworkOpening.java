package dev.berth.driver.libvirt;

import dev.berth.driver.NodeFailures;
import dev.berth.ffi.VirtConnection;
import dev.berth.ffi.VirtDomain;
import dev.berth.ffi.VirtException;
import dev.berth.ffi.VirtNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes a network of an earlier Berth as networks are now: its rules Berth's own, because libvirt's reject connections to published
 * ports, and its leases in files. libvirt does that only by making the bridge anew, so what was plugged in is plugged in again: guests
 * lose the network for a moment, and connections go on.
 */
final class NetworkOpening {
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private NetworkOpening() {}

    /** Does so unless it is done already; a network that was left without its bridge in the middle of it gets it back. */
    static void ensure(VirtConnection connection, VirtNetwork network, StaticLeases leases) {
        String xml = network.xml();
        Set<String> ports = Set.of();
        if (!NetworkXml.isCurrent(xml, leases)) {
            leases.adopt(NetworkXml.reservations(xml), DnsHost.all(xml));
            ports = plugged(network.name());
            connection.defineNetwork(NetworkXml.current(xml, leases)).close();
            if (network.isActive()) {
                network.destroy();
            }
        }
        if (!network.isActive()) {
            network.create();
            Set<String> all = new TreeSet<>(ports);
            all.addAll(taps(connection, network.name()));
            all.forEach(port -> plug(port, network.name()));
        }
    }

    private static Set<String> plugged(String bridge) {
        Path ports = INTERFACES.resolve(bridge).resolve("brif");
        if (!Files.isDirectory(ports)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(ports)) {
            Set<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        } catch (IOException e) {
            throw NodeFailures.files("Reading the ports of " + bridge, e);
        }
    }

    /** Taps of running domains that belong to a network. */
    private static Set<String> taps(VirtConnection connection, String network) {
        Set<String> taps = new TreeSet<>();
        for (VirtDomain domain : connection.domains()) {
            try (domain) {
                for (XmlElement nic : XmlElement.parse(domain.xml(0)).all("interface")) {
                    if (nic.attribute("source", "network").equals(network)) {
                        taps.add(nic.attribute("target", "dev"));
                    }
                }
            } catch (VirtException e) {
                if (e.code() != VirtException.NO_DOMAIN) {
                    throw e;
                }
            }
        }
        return taps;
    }

    private static void plug(String port, String bridge) {
        if (!port.isEmpty() && Files.exists(INTERFACES.resolve(port))) {
            Tool.run(LIMIT, List.of("ip", "link", "set", "dev", port, "master", bridge));
        }
    }
}
