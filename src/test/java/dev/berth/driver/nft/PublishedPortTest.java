package dev.berth.driver.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.InstanceKind;
import dev.berth.driver.Publication;
import dev.berth.driver.Publication.Protocol;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Published ports, called from everywhere that they have to be reached from. */
@Tag("qemu")
class PublishedPortTest {
    private static final int PORT = 28080;
    private static final int CLAIMED = 28091;
    private static final UUID WEB = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static NetworkLab lab;
    private static NodeRules node;
    private static PortRules rules;
    private static NetworkLab.Guest web;
    private static NetworkLab.Guest other;

    @BeforeAll
    static void start() {
        lab = new NetworkLab("hnp", 11);
        node = new NodeRules("berth_publish", ProjectNumbers.forgetful());
        node.networks(List.of(lab.network()));
        rules = node.ports(InstanceKind.CONTAINER);
        web = lab.guest(10);
        other = lab.guest(11);
        rules.guard(
                WEB,
                published(
                        new Publication(Protocol.TCP, null, PORT, 80), new Publication(Protocol.UDP, null, PORT, 53)));
        rules.guard(OTHER, new Guard("project", List.of(other.port()), List.of()));
        lab.start(web);
        rules.linked(published(new Publication(Protocol.TCP, null, PORT, 80)));
        lab.start(other);
        lab.serve(web, "tcp", 80);
        lab.serve(web, "udp", 53);
    }

    @AfterAll
    static void stop() {
        node.remove();
        node.close();
        lab.close();
    }

    private static Guard published(Publication... publications) {
        return new Guard("project", List.of(web.port()), List.of(publications));
    }

    @Test
    void another_host_reaches_it_and_is_seen_with_its_own_address() {
        assertThat(lab.call(lab.outside(), "tcp", lab.hostOutside(), PORT)).isEqualTo("198.18.11.2");
        assertThat(lab.call(lab.outside(), "udp", lab.hostOutside(), PORT)).isEqualTo("198.18.11.2");
    }

    @Test
    void the_node_itself_reaches_it_on_localhost_and_on_its_addresses() {
        assertThat(lab.callFromHost("tcp", "127.0.0.1", PORT))
                .isEqualTo(lab.gateway().value());
        assertThat(lab.callFromHost("udp", "127.0.0.1", PORT))
                .isEqualTo(lab.gateway().value());
        assertThat(lab.callFromHost("tcp", lab.hostOutside(), PORT))
                .isEqualTo(lab.hostOutside().value());
    }

    @Test
    void an_instance_reaches_its_own_and_its_neighbours_published_port() {
        assertThat(lab.call(other.namespace(), "tcp", lab.hostOutside(), PORT))
                .isEqualTo(lab.gateway().value());
        assertThat(lab.call(web.namespace(), "tcp", lab.hostOutside(), PORT))
                .isEqualTo(lab.gateway().value());
        assertThat(lab.call(web.namespace(), "udp", lab.gateway(), PORT))
                .isEqualTo(lab.gateway().value());
    }

    @Test
    void what_is_not_published_stays_closed_and_the_way_out_is_open() {
        assertThat(lab.call(lab.outside(), "tcp", web.address(), 80)).isEqualTo("ConnectionRefusedError");
        lab.in(lab.outside(), "ip", "link", "set", "lo", "up");
        assertThat(lab.call(other.namespace(), "tcp", web.address(), 80))
                .isEqualTo(other.address().value());
    }

    @Test
    void a_port_of_one_address_is_published_there_only() {
        UUID instance = UUID.randomUUID();
        NetworkLab.Guest named = lab.guest(12);
        rules.guard(
                instance,
                new Guard(
                        "project",
                        List.of(named.port()),
                        List.of(new Publication(Protocol.TCP, lab.hostOutside(), 28090, 80))));
        lab.start(named);
        lab.serve(named, "tcp", 80);
        assertThat(lab.callFromHost("tcp", lab.hostOutside(), 28090))
                .isEqualTo(lab.hostOutside().value());
        assertThat(lab.callFromHost("tcp", "127.0.0.1", 28090)).isEqualTo("ConnectionRefusedError");
        rules.forget(instance);
        assertThat(lab.callFromHost("tcp", lab.hostOutside(), 28090)).isEqualTo("ConnectionRefusedError");
    }

    private static Guard othersPublishing(int port) {
        return new Guard("project", List.of(other.port()), List.of(new Publication(Protocol.TCP, null, port, 80)));
    }

    private static void refusesAsTaken(ThrowingCallable work) {
        assertThatThrownBy(work).isInstanceOfSatisfying(BerthException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.IN_USE));
    }

    @Test
    void a_port_of_another_instance_is_refused_and_nothing_changes() {
        refusesAsTaken(() -> rules.guard(OTHER, othersPublishing(PORT)));
        assertThat(lab.callFromHost("tcp", "127.0.0.1", PORT))
                .isEqualTo(lab.gateway().value());
    }

    @Test
    void a_claimed_port_is_nobody_elses_and_open_when_its_instance_is_guarded() {
        UUID instance = UUID.randomUUID();
        NetworkLab.Guest claiming = lab.guest(13);
        Guard guard = new Guard(
                "project", List.of(claiming.port()), List.of(new Publication(Protocol.TCP, null, CLAIMED, 80)));
        rules.claim(instance, guard);
        lab.start(claiming);
        lab.serve(claiming, "tcp", 80);
        assertThat(lab.callFromHost("tcp", lab.hostOutside(), CLAIMED)).isEqualTo("ConnectionRefusedError");
        refusesAsTaken(() -> rules.claim(UUID.randomUUID(), othersPublishing(CLAIMED)));
        rules.guard(instance, guard);
        rules.linked(guard);
        rules.claim(instance, guard);
        assertThat(lab.callFromHost("tcp", lab.hostOutside(), CLAIMED))
                .isEqualTo(lab.hostOutside().value());
        rules.forget(instance);
        rules.claim(instance, guard);
        NetworkLab.run("nft", "delete", "table", "inet", "berth_publish");
        rules.guard(OTHER, new Guard("project", List.of(other.port()), List.of()));
        assertThat(lab.callFromHost("tcp", lab.hostOutside(), CLAIMED)).isEqualTo("ConnectionRefusedError");
        rules.forget(instance);
        rules.claim(OTHER, othersPublishing(CLAIMED));
    }

    @Test
    void rules_outlive_the_agent_and_are_made_anew_when_somebody_removes_them() {
        try (NodeRules again = new NodeRules("berth_publish", ProjectNumbers.forgetful())) {
            again.networks(List.of(lab.network()));
            assertThat(lab.callFromHost("tcp", "127.0.0.1", PORT))
                    .isEqualTo(lab.gateway().value());
            again.ports(InstanceKind.VM).recover(Map.of());
            assertThat(lab.callFromHost("tcp", "127.0.0.1", PORT))
                    .isEqualTo(lab.gateway().value());
        }
        NetworkLab.run("nft", "delete", "table", "inet", "berth_publish");
        rules.guard(OTHER, new Guard("project", List.of(other.port()), List.of()));
        assertThat(lab.callFromHost("tcp", "127.0.0.1", PORT))
                .isEqualTo(lab.gateway().value());
    }
}
