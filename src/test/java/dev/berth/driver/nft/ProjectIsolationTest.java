package dev.berth.driver.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.InstanceKind;
import dev.berth.driver.Publication;
import dev.berth.driver.Publication.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances of two projects on one bridge, as network namespaces: what passes between them, and what does not. */
@Tag("qemu")
class ProjectIsolationTest {
    private static final String ONE = "0199aaaa-0000-7000-8000-000000000001";
    private static final String TWO = "0199aaaa-0000-7000-8000-000000000002";
    private static final int PORT = 28_191;
    private static final String TIMEOUT = "TimeoutError";
    private static final String REFUSED = "ConnectionRefusedError";
    private static final UUID MACHINE = UUID.randomUUID();
    private static final UUID CONTAINER = UUID.randomUUID();
    private static final UUID STRANGER = UUID.randomUUID();

    @TempDir
    private static Path state;

    private static NetworkLab lab;
    private static NodeRules node;
    private static NetworkLab.Guest machine;
    private static NetworkLab.Guest container;
    private static NetworkLab.Guest stranger;

    @BeforeAll
    static void start() {
        lab = new NetworkLab("hbi", 14);
        node = new NodeRules("berth_isolate", ProjectNumbers.kept(state.resolve("projects")));
        node.networks(List.of(lab.network()));
        machine = lab.guest(10);
        container = lab.guest(11);
        stranger = lab.guest(12);
        guard(node);
        for (NetworkLab.Guest guest : List.of(machine, container, stranger)) {
            lab.start(guest);
            lab.serve(guest, "tcp", 80);
        }
        node.ports(InstanceKind.CONTAINER).linked(published());
    }

    private static void guard(NodeRules rules) {
        rules.ports(InstanceKind.VM).guard(MACHINE, new Guard(ONE, List.of(machine.port()), List.of()));
        rules.ports(InstanceKind.CONTAINER).guard(CONTAINER, new Guard(ONE, List.of(container.port()), List.of()));
        rules.ports(InstanceKind.CONTAINER).guard(STRANGER, published());
    }

    private static Guard published() {
        return new Guard(TWO, List.of(stranger.port()), List.of(new Publication(Protocol.TCP, null, PORT, 80)));
    }

    @AfterAll
    static void stop() {
        node.remove();
        node.close();
        lab.close();
    }

    private static String call(NetworkLab.Guest from, NetworkLab.Guest to) {
        return lab.call(from.namespace(), "tcp", to.address(), 80);
    }

    private static void separated() {
        assertThat(call(machine, container)).isEqualTo(machine.address().value());
        assertThat(call(container, machine)).isEqualTo(container.address().value());
        for (NetworkLab.Guest one : List.of(machine, container)) {
            lab.in(one.namespace(), "ip", "neigh", "flush", "all");
            lab.in(stranger.namespace(), "ip", "neigh", "flush", "all");
            assertThat(call(one, stranger)).isIn(TIMEOUT, "OSError");
            assertThat(call(stranger, one)).isIn(TIMEOUT, "OSError");
        }
    }

    @Test
    void withinAProjectEverythingPassesAndBetweenProjectsNothing() {
        separated();
        assertThat(lab.callFromHost("tcp", stranger.address(), 80))
                .isEqualTo(lab.gateway().value());
    }

    @Test
    void noFrameArrivesWhateverItsAddress() throws Exception {
        Map<String, String> frames = Map.of(
                "broadcast", Frames.arp(machine.bytes(), machine.bytes(), machine.address(), "broadcast"),
                "unicast",
                        Frames.udp(
                                stranger.bytes(),
                                machine.bytes(),
                                machine.address(),
                                stranger.address(),
                                5,
                                6,
                                "unicast"));
        String end =
                Frames.udp(Frames.EVERYONE, stranger.bytes(), stranger.address(), machine.address(), 5, 6, "the-end");
        BufferedReader neighbour = lab.capture(container, Frames.marker("broadcast"));
        BufferedReader other = lab.capture(stranger, Frames.marker("unicast"));
        lab.send(machine, frames.values().toArray(String[]::new));
        lab.send(stranger, end);
        assertThat(neighbour.lines().collect(Collectors.joining())).contains(Frames.marker("broadcast"));
        String seen = other.lines().collect(Collectors.joining());
        frames.keySet().forEach(text -> assertThat(seen).doesNotContain(Frames.marker(text)));
    }

    @Test
    void theNodeIsNoWayAround() {
        for (NetworkLab.Guest target : List.of(container, stranger)) {
            lab.in(
                    machine.namespace(),
                    "ip",
                    "route",
                    "add",
                    target.address() + "/32",
                    "via",
                    lab.gateway().value());
        }
        try {
            assertThat(call(machine, stranger)).isIn(REFUSED, TIMEOUT);
            assertThat(call(machine, container)).isEqualTo(machine.address().value());
        } finally {
            for (NetworkLab.Guest target : List.of(container, stranger)) {
                lab.in(machine.namespace(), "ip", "route", "delete", target.address() + "/32");
            }
        }
    }

    @Test
    void aPublishedPortIsOpenToOtherProjectsToo() {
        assertThat(lab.call(machine.namespace(), "tcp", lab.hostOutside(), PORT))
                .isEqualTo(lab.gateway().value());
        assertThat(lab.call(lab.outside(), "tcp", lab.hostOutside(), PORT)).isEqualTo("198.18.14.2");
    }

    @Test
    void anAgentThatComesBackMeansTheSame() {
        try (NodeRules again = new NodeRules("berth_isolate", ProjectNumbers.kept(state.resolve("projects")))) {
            again.networks(List.of(lab.network()));
            again.ports(InstanceKind.CONTAINER)
                    .recover(Map.of(
                            STRANGER, published(), CONTAINER, new Guard(ONE, List.of(container.port()), List.of())));
            separated();
            again.ports(InstanceKind.VM).recover(Map.of(MACHINE, new Guard(ONE, List.of(machine.port()), List.of())));
            separated();
        }
    }

    @Test
    void whereNetworksAreSharedProjectsReachEachOther() {
        try (NodeRules open = new NodeRules("berth_isolate", ProjectNumbers.shared())) {
            open.networks(List.of(lab.network()));
            open.ports(InstanceKind.VM).recover(Map.of());
            open.ports(InstanceKind.CONTAINER).recover(Map.of());
            guard(open);
            assertThat(call(machine, stranger)).isEqualTo(machine.address().value());
        } finally {
            node.ports(InstanceKind.VM).recover(Map.of(MACHINE, new Guard(ONE, List.of(machine.port()), List.of())));
            node.ports(InstanceKind.CONTAINER)
                    .recover(Map.of(
                            STRANGER, published(), CONTAINER, new Guard(ONE, List.of(container.port()), List.of())));
        }
        separated();
    }

    @Test
    void numbersOutliveTheirFilesLastLine() throws IOException {
        Path file = state.resolve("numbers");
        ProjectNumbers first = ProjectNumbers.kept(file);
        assertThat(List.of(first.of("a"), first.of("b"), first.of("a"))).containsExactly(1, 2, 1);
        Files.writeString(file, Files.readString(file) + "\n3 cut o");
        ProjectNumbers second = ProjectNumbers.kept(file);
        assertThat(List.of(second.of("b"), second.of("c"))).containsExactly(2, 3);
        assertThat(List.of(
                        ProjectNumbers.kept(file).of("a"),
                        ProjectNumbers.kept(file).of("c")))
                .containsExactly(1, 3);
    }
}
