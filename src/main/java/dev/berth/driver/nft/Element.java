package dev.berth.driver.nft;

import dev.berth.driver.InstanceKind;
import dev.berth.driver.Publication;
import dev.berth.kernel.Ipv4;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * An element of one of the table's sets or maps.
 *
 * @param set the set or map that it lies in
 * @param value what a map's key leads to; empty in a set
 */
record Element(Place set, String key, String value) {
    /** Where an element lies. */
    record Place(String family, String name) {
        String in(String table) {
            return family + " " + table + " " + name;
        }

        boolean isMap() {
            return isOfPublications() || name.endsWith("_owners");
        }

        private boolean isOfPublications() {
            return name.matches("[a-z]+_(tcp|udp)_.*");
        }
    }

    /** All elements of an instance, whose project has a number. */
    static Set<Element> of(InstanceKind kind, Guard guard, int project) {
        Set<Element> elements = new LinkedHashSet<>();
        guard.ports().forEach(port -> {
            addPort(elements, kind, port);
            addMember(elements, kind, port, Integer.toString(project));
        });
        target(guard)
                .ifPresent(address -> guard.publications().forEach(p -> elements.add(publication(kind, p, address))));
        return elements;
    }

    private static Optional<Ipv4> target(Guard guard) {
        return guard.ports().stream()
                .flatMap(port -> Optional.ofNullable(port.address()).stream())
                .findFirst();
    }

    private static void addPort(Set<Element> elements, InstanceKind kind, GuardedPort port) {
        String name = '"' + port.hostInterface() + '"';
        String sender = name + " . " + port.mac();
        Ipv4 address = port.address();
        elements.add(new Element(set(kind, "macs"), sender, ""));
        elements.add(
                address == null
                        ? new Element(set(kind, "plain"), name, "")
                        : new Element(set(kind, "addresses"), sender + " . " + address, ""));
        elements.add(new Element(set(kind, "loops"), name + " . " + name, ""));
        elements.add(new Element(set(kind, "ports"), name, ""));
    }

    private static void addMember(Set<Element> elements, InstanceKind kind, GuardedPort port, String project) {
        String name = '"' + port.hostInterface() + '"';
        elements.add(new Element(set(kind, "owners"), name, project));
        elements.add(new Element(set(kind, "members"), project + " . " + name, ""));
        Ipv4 address = port.address();
        if (address != null) {
            String end = "\"" + port.bridge() + "\" . " + address;
            elements.add(new Element(routed(kind, "owners"), end, project));
            elements.add(new Element(routed(kind, "members"), project + " . " + end, ""));
            elements.add(new Element(routed(kind, "known"), end, ""));
        }
    }

    private static Element publication(InstanceKind kind, Publication publication, Ipv4 target) {
        String protocol = publication.protocol().name().toLowerCase(Locale.ROOT);
        Ipv4 at = publication.hostAddress();
        String key = at == null ? "" + publication.host() : at + " . " + publication.host();
        Place map = new Place("inet", prefix(kind) + "_" + protocol + (at == null ? "_any" : "_at"));
        return new Element(map, key, target + " . " + publication.instance());
    }

    private static Place set(InstanceKind kind, String name) {
        return new Place("bridge", prefix(kind) + "_" + name);
    }

    private static Place routed(InstanceKind kind, String name) {
        return new Place("inet", prefix(kind) + "_" + name);
    }

    static String prefix(InstanceKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** What no two instances can have: a published port, whichever kind publishes it; empty for anything else. */
    String claim() {
        return !set.isOfPublications() ? "" : set.name().substring(set.name().indexOf('_') + 1) + " " + key;
    }

    String written() {
        return value.isEmpty() ? key : key + " : " + value;
    }

    String deleting(String table) {
        return "delete element " + set.in(table) + " { " + key + " }\n";
    }

    /** Adds elements, one command for each set. */
    static String adding(String table, Collection<Element> elements) {
        Map<Place, StringJoiner> sets = new LinkedHashMap<>();
        for (Element element : elements) {
            sets.computeIfAbsent(element.set(), place -> new StringJoiner(", ")).add(element.written());
        }
        StringBuilder text = new StringBuilder();
        sets.forEach((place, written) -> text.append("add element ")
                .append(place.in(table))
                .append(" { ")
                .append(written)
                .append(" }\n"));
        return text.toString();
    }
}
