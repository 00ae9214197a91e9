package dev.berth.driver.nft;

import dev.berth.driver.InstanceKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The fixed part of the tables: sets, maps and chains, in the language of {@code nft}. It can be run again and again: what exists stays,
 * and rules are replaced. See https://wiki.nftables.org and nft(8).
 */
final class RuleText {
    private static final String MAP_ANY = "type inet_service : ipv4_addr . inet_service;";
    private static final String MAP_AT = "type ipv4_addr . inet_service : ipv4_addr . inet_service;";

    /**
     * Mark of a caller of a published port on its way from bridge to bridge: where the kernel shows bridged packets to its IPv4
     * rules, what was translated to a neighbour does not come by the node's routing any more.
     */
    private static final String TRANSLATED = "0x62657274";

    private RuleText() {}

    /** Both tables with empty sets, or with the elements that they have. */
    static String declaration(String table) {
        return "add table inet " + table + "\nflush table inet " + table + "\ntable inet " + table + " {\n"
                + networkSets() + translation() + forwarding() + "}\n"
                + "add table bridge " + table + "\nflush table bridge " + table + "\ntable bridge " + table + " {\n"
                + guarding() + "}\n";
    }

    /** Fails when one of the tables is missing; changes nothing. */
    static String check(String table) {
        return "add element inet " + table + " alive { 1 }\nadd element bridge " + table + " alive { 1 }\n";
    }

    /** Removes both tables, whether they exist or not. */
    static String removal(String table) {
        return "add table inet " + table + "\ndelete table inet " + table + "\n" + "add table bridge " + table
                + "\ndelete table bridge " + table + "\n";
    }

    /** The sets and maps that belong to one kind of instance. */
    static List<Element.Place> places(InstanceKind kind) {
        List<Element.Place> places = new ArrayList<>();
        for (String set : List.of("ports", "macs", "addresses", "plain", "loops", "owners", "members")) {
            places.add(new Element.Place("bridge", Element.prefix(kind) + "_" + set));
        }
        for (String set : List.of("tcp_any", "tcp_at", "udp_any", "udp_at", "owners", "members", "known")) {
            places.add(new Element.Place("inet", Element.prefix(kind) + "_" + set));
        }
        return places;
    }

    private static String networkSets() {
        return """
                set alive { type mark; }
                set bridges { type ifname; }
                set pairs { type ifname . ifname; }
                set subnets { type ipv4_addr; flags interval; }
                """;
    }

    /**
     * Published ports, and the way back. Answers to the node itself and to neighbours on the same bridge have to come through
     * the node, so those callers are masked. An instance's own questions to the gateway's DNS and DHCP server are never published ports.
     */
    private static String translation() {
        StringBuilder maps = new StringBuilder();
        StringBuilder leads = new StringBuilder();
        for (InstanceKind kind : InstanceKind.values()) {
            for (String protocol : List.of("tcp", "udp")) {
                String name = Element.prefix(kind) + "_" + protocol;
                maps.append("map ")
                        .append(name)
                        .append("_any { ")
                        .append(MAP_ANY)
                        .append(" }\n");
                maps.append("map ").append(name).append("_at { ").append(MAP_AT).append(" }\n");
            }
        }
        // An address that is named comes before the wildcard, whatever the kind.
        for (String key : List.of("at", "any")) {
            for (InstanceKind kind : InstanceKind.values()) {
                for (String protocol : List.of("tcp", "udp")) {
                    leads.append("dnat ip to ")
                            .append("at".equals(key) ? "ip daddr . " : "")
                            .append(protocol + " dport map @" + Element.prefix(kind) + "_" + protocol + "_" + key)
                            .append('\n');
                }
            }
        }
        return maps + """
                chain publish {
                    iifname @bridges meta l4proto { tcp, udp } th dport { 53, 67 } return
                """ + leads + """
                }
                chain martians {
                    type filter hook prerouting priority raw; policy accept;
                    iifname @bridges ip daddr 127.0.0.0/8 drop
                    iifname @bridges ip saddr 127.0.0.0/8 drop
                }
                chain prerouting {
                    type nat hook prerouting priority dstnat; policy accept;
                    fib daddr type local jump publish
                }
                chain translated {
                    type filter hook prerouting priority -90; policy accept;
                    iifname @bridges ct status dnat meta mark set %1$s
                }
                chain output {
                    type nat hook output priority -100; policy accept;
                    fib daddr type local jump publish
                }
                chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    ct status dnat oifname @bridges ip saddr 127.0.0.0/8 masquerade
                    ct status dnat oifname @bridges ip saddr @subnets masquerade
                    oifname @bridges accept
                    ip saddr @subnets ip daddr { 224.0.0.0/24, 255.255.255.255 } accept
                    ip saddr @subnets masquerade
                }
                """.formatted(TRANSLATED);
    }

    /** Into a network come answers, callers of published ports, and neighbours of the same project. */
    private static String forwarding() {
        StringBuilder sets = new StringBuilder();
        for (InstanceKind kind : InstanceKind.values()) {
            sets.append("""
                    map %1$s_owners { type ifname . ipv4_addr : mark; }
                    set %1$s_members { type mark . ifname . ipv4_addr; }
                    set %1$s_known { type ifname . ipv4_addr; }
                    """.formatted(Element.prefix(kind)));
        }
        return sets + """
                chain forward {
                    type filter hook forward priority filter; policy accept;
                    oifname @bridges goto inbound
                    iifname @bridges ip saddr != @subnets reject
                }
                chain inbound {
                    ct state established,related accept
                    ct status dnat meta mark set 0 accept
                    iifname . oifname @pairs goto neighbours
                    reject
                }
                """ + neighbours("iifname . ip saddr", "oifname . ip daddr", """
                    oifname . ip daddr @vm_known reject
                    oifname . ip daddr @container_known reject
                    meta mark set 0 accept
                """);
    }

    /**
     * What goes from one port of a bridge to another: within a project everything, between projects nothing. The project's number
     * is carried in the mark from the lookup of the sender to that of the receiver. A sender that is no instance may go on; routed
     * packets come here, too, so that the node is no way around, and bridged ones where the kernel shows those to its IPv4 rules.
     *
     * @param end what becomes of what goes to no port of the project
     */
    private static String neighbours(String sender, String receiver, String end) {
        StringBuilder owners = new StringBuilder();
        StringBuilder members = new StringBuilder();
        for (InstanceKind kind : InstanceKind.values()) {
            owners.append("meta mark set %s map @%s_owners%n".formatted(sender, Element.prefix(kind)));
            members.append(
                    "meta mark . %s @%s_members meta mark set 0 accept%n".formatted(receiver, Element.prefix(kind)));
        }
        return "chain neighbours {\nmeta mark set 0\n" + owners + "meta mark 0 accept\n" + members + end + "}\n";
    }

    /**
     * What comes out of ports, and what goes on to which: no broadcast back to where it came from (see {@link Hairpin}), and
     * nothing to another project.
     */
    private static String guarding() {
        StringBuilder text = new StringBuilder("set alive { type mark; }\n");
        StringBuilder jumps = new StringBuilder();
        StringBuilder loops = new StringBuilder();
        StringBuilder arrivals = new StringBuilder();
        for (InstanceKind kind : InstanceKind.values()) {
            text.append(guarding(Element.prefix(kind)));
            jumps.append("iifname @%1$s_ports goto %1$s_guard%n".formatted(Element.prefix(kind)));
            loops.append("iifname . oifname @%s_loops ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 drop%n"
                    .formatted(Element.prefix(kind)));
            arrivals.append(
                    "oifname @%s_ports meta mark != %s goto neighbours%n".formatted(Element.prefix(kind), TRANSLATED));
        }
        return text + neighbours("iifname", "oifname", "counter drop\n") + """
                chain prerouting {
                    type filter hook prerouting priority -300; policy accept;
                """ + jumps + """
                }
                chain forward {
                    type filter hook forward priority -300; policy accept;
                """ + loops + arrivals + "}\n";
    }

    /** What a port may send: its own MAC; no answers of a DHCP server; ARP and IPv4 from its own address; DHCP requests. */
    private static String guarding(String kind) {
        return """
                set %1$s_ports { type ifname; }
                set %1$s_macs { type ifname . ether_addr; }
                set %1$s_addresses { type ifname . ether_addr . ipv4_addr; }
                set %1$s_plain { type ifname; }
                set %1$s_loops { type ifname . ifname; }
                map %1$s_owners { type ifname : mark; }
                set %1$s_members { type mark . ifname; }
                chain %1$s_guard {
                    iifname . ether saddr != @%1$s_macs counter drop
                    ether type ip ip protocol udp udp sport 67 counter drop
                    iifname @%1$s_plain ether type { arp, ip } accept
                    ether type arp arp htype 1 arp ptype ip iifname . arp saddr ether . arp saddr ip @%1$s_addresses accept
                    ether type arp arp htype 1 arp ptype ip arp saddr ip 0.0.0.0 iifname . arp saddr ether @%1$s_macs accept
                    ether type ip iifname . ether saddr . ip saddr @%1$s_addresses accept
                    ether type ip ip saddr 0.0.0.0 ip protocol udp udp sport 68 udp dport 67 accept
                    counter drop
                }
                """.formatted(kind);
    }
}
