package dev.berth.driver.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.InstanceKind;
import dev.berth.kernel.Ipv4;
import java.io.BufferedReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Raw frames from inside a guest, captured in another: what a guarded port lets out, and what not. */
@Tag("qemu")
class SpoofedFrameTest {
    private static final Ipv4 NOWHERE = new Ipv4("0.0.0.0");
    private static final Ipv4 ALL = new Ipv4("255.255.255.255");
    private static NetworkLab lab;
    private static NodeRules node;
    private static PortRules rules;
    private static NetworkLab.Guest victim;

    @BeforeAll
    static void start() {
        lab = new NetworkLab("hns", 12);
        node = new NodeRules("berth_spoof", ProjectNumbers.forgetful());
        node.networks(List.of(lab.network()));
        rules = node.ports(InstanceKind.VM);
        victim = lab.guest(10);
        lab.start(victim);
    }

    @AfterAll
    static void stop() {
        node.remove();
        node.close();
        lab.close();
    }

    /** Frames by the text that they carry. */
    private static Map<String, String> lies(NetworkLab.Guest from) {
        String mac = from.bytes();
        String foreign = "525400feed01";
        Ipv4 own = from.address();
        Ipv4 stolen = lab.cidr().at(77);
        Map<String, String> frames = new LinkedHashMap<>();
        frames.put(
                "a-mac-of-another",
                Frames.udp(victim.bytes(), foreign, own, victim.address(), 5, 6, "a-mac-of-another"));
        frames.put(
                "address-of-another",
                Frames.udp(victim.bytes(), mac, stolen, victim.address(), 5, 6, "address-of-another"));
        frames.put(
                "the-gateway", Frames.udp(victim.bytes(), mac, lab.gateway(), victim.address(), 53, 6, "the-gateway"));
        frames.put("no-address", Frames.udp(victim.bytes(), mac, NOWHERE, victim.address(), 5, 6, "no-address"));
        frames.put("arp-for-another", Frames.arp(mac, mac, stolen, "arp-for-another"));
        frames.put("arp-for-the-gateway", Frames.arp(mac, mac, lab.gateway(), "arp-for-the-gateway"));
        frames.put("arp-with-a-foreign-mac", Frames.arp(mac, foreign, own, "arp-with-a-foreign-mac"));
        frames.put("router-advertisement", Frames.icmp6(mac, 134, "router-advertisement"));
        frames.put("neighbour-advertisement", Frames.icmp6(mac, 136, "neighbour-advertisement"));
        frames.put("dhcp-server", Frames.udp(Frames.EVERYONE, mac, own, ALL, 67, 68, "dhcp-server"));
        frames.put("tagged", Frames.ethernet(victim.bytes(), mac, 0x8100, "000186dd" + Frames.marker("tagged")));
        frames.put(
                "spanning-tree",
                Frames.ethernet("0180c2000000", mac, 0x0026, "424203" + Frames.marker("spanning-tree")));
        frames.put("unknown-protocol", Frames.ethernet(victim.bytes(), mac, 0x88b5, Frames.marker("unknown-protocol")));
        return frames;
    }

    private static Map<String, String> truths(NetworkLab.Guest from) {
        Map<String, String> frames = new LinkedHashMap<>();
        frames.put("dhcp-request", Frames.udp(Frames.EVERYONE, from.bytes(), NOWHERE, ALL, 68, 67, "dhcp-request"));
        frames.put("arp-probe", Frames.arp(from.bytes(), from.bytes(), NOWHERE, "arp-probe"));
        frames.put("arp-of-its-own", Frames.arp(from.bytes(), from.bytes(), from.address(), "arp-of-its-own"));
        frames.put(
                "own-address",
                Frames.udp(victim.bytes(), from.bytes(), from.address(), victim.address(), 5, 6, "own-address"));
        return frames;
    }

    /** The texts of frames that reached the victim, of all that were sent. */
    private static List<String> arrived(NetworkLab.Guest from, Map<String, String> frames) throws Exception {
        Map<String, String> all = new LinkedHashMap<>(frames);
        all.put("the-end", Frames.udp(victim.bytes(), from.bytes(), from.address(), victim.address(), 5, 6, "the-end"));
        BufferedReader captured = lab.capture(victim, Frames.marker("the-end"));
        lab.send(from, all.values().toArray(String[]::new));
        String seen = captured.lines().collect(Collectors.joining("\n"));
        return all.keySet().stream()
                .filter(text -> seen.contains(Frames.marker(text)))
                .toList();
    }

    @Test
    void a_guarded_port_tells_the_truth_only() throws Exception {
        NetworkLab.Guest guarded = lab.guest(20);
        rules.guard(UUID.randomUUID(), new Guard("project", List.of(guarded.port()), List.of()));
        lab.start(guarded);
        assertThat(arrived(guarded, lies(guarded))).containsExactly("the-end");
        assertThat(arrived(guarded, truths(guarded)))
                .containsExactly("dhcp-request", "arp-probe", "arp-of-its-own", "own-address", "the-end");
    }

    @Test
    void without_a_guard_every_lie_arrives() throws Exception {
        NetworkLab.Guest free = lab.guest(21);
        UUID instance = UUID.randomUUID();
        rules.guard(instance, new Guard("project", List.of(free.port()), List.of()));
        rules.forget(instance);
        lab.start(free);
        Map<String, String> lies = lies(free);
        // The kernel itself keeps this one on its link.
        lies.remove("spanning-tree");
        assertThat(arrived(free, lies)).containsAll(lies.keySet());
    }

    @Test
    void a_port_without_an_address_is_held_to_its_mac() throws Exception {
        NetworkLab.Guest plain = lab.guest(22);
        GuardedPort port = plain.port();
        rules.guard(
                UUID.randomUUID(),
                new Guard(
                        "project",
                        List.of(new GuardedPort(port.hostInterface(), port.mac(), null, port.bridge())),
                        List.of()));
        lab.start(plain);
        assertThat(arrived(plain, lies(plain)))
                .doesNotContain("a-mac-of-another", "dhcp-server", "router-advertisement", "neighbour-advertisement")
                .contains("address-of-another");
    }
}
