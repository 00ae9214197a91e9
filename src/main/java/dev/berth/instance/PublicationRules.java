package dev.berth.instance;

import dev.berth.driver.Publication;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Ipv4;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** What an instance may publish, whoever else publishes what. */
@ApplicationScoped
class PublicationRules {
    private static final int MOST = 256;
    private static final int LAST_PORT = 65_535;
    private static final long MULTICAST = 224L << 24;

    private final Set<Integer> reserved;

    PublicationRules(PublicationSettings settings, Config config) {
        reserved = new HashSet<>(settings.reserved().orElse(List.of()));
        reserved.add(config.getValue("quarkus.http.port", Integer.class)); // the panel's own
    }

    void check(Instance instance) {
        List<Publication> publications = instance.publications();
        if (publications.size() > MOST) {
            throw BerthException.invalid("/publish", "An instance publishes at most " + MOST + " ports.");
        }
        if (!publications.isEmpty() && instance.nics().stream().noneMatch(nic -> nic.address() != null)) {
            throw BerthException.invalid(
                    "/publish", "Only an instance with an interface in a network publishes ports; this one has none.");
        }
        for (int i = 0; i < publications.size(); i++) {
            String pointer = "/publish/" + i;
            check(publications.get(i), pointer);
            for (Publication other : publications.subList(0, i)) {
                if (overlap(publications.get(i), other)) {
                    throw BerthException.invalid(
                            pointer + "/host",
                            "Port " + written(other) + " is in the list twice; each port leads to one place.");
                }
            }
        }
    }

    private void check(Publication publication, String pointer) {
        port(pointer + "/host", publication.host());
        port(pointer + "/instance", publication.instance());
        if (reserved.contains(publication.host())) {
            throw BerthException.invalid(
                    pointer + "/host",
                    "Port " + publication.host() + " is kept for the node's own services (berth.publish.reserved);"
                            + " choose another one.");
        }
        Ipv4 address = publication.hostAddress();
        if (address != null && (address.bits() >= MULTICAST || address.bits() < 1L << 24)) {
            throw BerthException.invalid(
                    pointer + "/address",
                    address + " is no address that a node can have; leave it out for all of them.");
        }
    }

    private static void port(String pointer, int port) {
        if (port < 1 || port > LAST_PORT) {
            throw BerthException.invalid(pointer, "A port is a number from 1 to " + LAST_PORT + ".");
        }
    }

    /** Whether a packet could be for both. */
    private static boolean overlap(Publication a, Publication b) {
        return a.protocol() == b.protocol()
                && a.host() == b.host()
                && (a.hostAddress() == null
                        || b.hostAddress() == null
                        || Objects.equals(a.hostAddress(), b.hostAddress()));
    }

    static String written(Publication publication) {
        return publication.host() + "/" + publication.protocol().name().toLowerCase(java.util.Locale.ROOT);
    }
}
