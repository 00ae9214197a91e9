package dev.berth.driver.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.Lease;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.Publication;
import dev.berth.driver.Publication.Protocol;
import dev.berth.driver.StopMode;
import dev.berth.driver.VmSpec;
import dev.berth.driver.nft.Guard;
import dev.berth.driver.nft.GuardedPort;
import dev.berth.driver.nft.NetworkLab;
import dev.berth.installation.Await;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Networks of the real libvirt: names, rules, and those of an earlier version. */
@Tag("qemu")
class LibvirtNetworksTest {
    private static final NetworkSpec SPEC = new NetworkSpec(
            UUID.randomUUID(), "hnvirt", Cidr.parse("10.214.7.0/24"), new Ipv4("10.214.7.1"), "lab.internal");
    private static LibvirtHost host;
    private static NetworkDriver networks;

    @BeforeAll
    static void start() {
        host = LibvirtHost.open();
        networks = host.driver().networks();
    }

    @AfterEach
    void remove() {
        networks.removeNetwork(SPEC.name());
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static String xml() {
        return NetworkLab.run("virsh", "-c", "qemu:///system", "net-dumpxml", SPEC.name());
    }

    @Test
    void static_leases_resolve_and_no_project_takes_anothers_name() throws Exception {
        networks.ensureNetwork(SPEC);
        Lease first = new Lease(MacAddress.random(), new Ipv4("10.214.7.10"), "web", "alpha");
        Lease second = new Lease(MacAddress.random(), new Ipv4("10.214.7.11"), "web", "beta");
        networks.reserve(SPEC.name(), first);
        networks.reserve(SPEC.name(), second);
        networks.reserve(SPEC.name(), second);
        answers("web.lab.internal", Optional.of(first.address()));
        answers("web.alpha.lab.internal", Optional.of(first.address()));
        answers("web.beta.lab.internal", Optional.of(second.address()));
        // A project may be named like a top-level domain; it answers for no name outside of the network's own.
        answers("web.beta", Optional.empty());
        assertThat(networks.reservations(SPEC.name()))
                .extracting(Lease::address)
                .containsExactlyInAnyOrder(first.address(), second.address());

        Lease renamed = new Lease(first.mac(), first.address(), "site", "alpha");
        networks.reserve(SPEC.name(), renamed);
        answers("site.alpha.lab.internal", Optional.of(first.address()));
        answers("web.alpha.lab.internal", Optional.empty());
        networks.release(SPEC.name(), second);
        answers("web.beta.lab.internal", Optional.empty());
        networks.release(SPEC.name(), renamed);
        assertThat(networks.reservations(SPEC.name())).isEmpty();
    }

    /** The DNS server reads what was changed a moment later. */
    private static void answers(String name, Optional<Ipv4> expected) {
        Await.until(Duration.ofSeconds(10), () -> name + " is not answered by " + expected, () -> {
            try {
                return ask(name).equals(expected);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static Optional<Ipv4> ask(String name) throws Exception {
        return DnsQuestion.ask(SPEC.gateway(), name);
    }

    @Test
    void a_network_of_an_earlier_version_is_taken_over_with_what_is_plugged_in() throws Exception {
        String old = """
                <network><name>hnvirt</name><forward mode="nat"/><bridge name="hnvirt" stp="off" delay="0"/>\
                <domain name="lab.internal" localOnly="yes"/>\
                <dns><host ip="10.214.7.40"><hostname>elder</hostname><hostname>elder.alpha.lab.internal</hostname></host></dns>\
                <ip address="10.214.7.1" netmask="255.255.255.0"><dhcp><range start="10.214.7.2" end="10.214.7.254"/>\
                <host mac="52:54:00:00:07:40" name="elder" ip="10.214.7.40"/></dhcp></ip></network>""";
        Path file = Files.createTempFile("network", ".xml");
        Files.writeString(file, old);
        NetworkLab.run("virsh", "-c", "qemu:///system", "net-define", file.toString());
        NetworkLab.run("virsh", "-c", "qemu:///system", "net-start", SPEC.name());
        Files.delete(file);
        String mac = Files.readString(Path.of("/sys/class/net/hnvirt/address"));
        NetworkLab.run("ip", "link", "add", "hnvirtp", "type", "veth", "peer", "name", "hnvirtq");
        try {
            NetworkLab.run("ip", "link", "set", "hnvirtp", "master", "hnvirt", "up");
            networks.ensureNetwork(SPEC);
            assertThat(xml()).contains("<forward mode='open'/>").doesNotContain("<nat>", "elder");
            Ipv4 elder = new Ipv4("10.214.7.40");
            assertThat(networks.reservations(SPEC.name()))
                    .containsExactly(new Lease(new MacAddress("52:54:00:00:07:40"), elder, "elder"));
            answers("elder.alpha.lab.internal", Optional.of(elder));
            assertThat(Path.of("/sys/class/net/hnvirt/brif/hnvirtp")).exists();
            assertThat(Files.readString(Path.of("/sys/class/net/hnvirt/address")))
                    .isEqualTo(mac);
            assertThat(NetworkLab.run("nft", "list", "chain", "ip", "filter", "LIBVIRT_FWI"))
                    .doesNotContain("hnvirt");
            int index = ifindex();
            networks.ensureNetwork(SPEC);
            assertThat(ifindex()).as("the bridge is not made anew again").isEqualTo(index);
        } finally {
            NetworkLab.run("ip", "link", "delete", "hnvirtp");
        }
    }

    private static int ifindex() throws Exception {
        return Integer.parseInt(
                Files.readString(Path.of("/sys/class/net/hnvirt/ifindex")).strip());
    }

    @Test
    void a_container_on_the_network_is_reached_through_its_published_port() {
        networks.ensureNetwork(SPEC);
        try (NetworkLab lab = NetworkLab.on(SPEC.name(), SPEC.subnet(), "hnv", 13)) {
            NetworkLab.Guest guest = lab.guest(20);
            UUID id = UUID.randomUUID();
            Publication publication = new Publication(Protocol.TCP, null, 28180, 80);
            host.rules()
                    .ports(InstanceKind.CONTAINER)
                    .guard(id, new Guard("project", List.of(guest.port()), List.of(publication)));
            lab.start(guest);
            lab.serve(guest, "tcp", 80);
            assertThat(lab.callFromHost("tcp", "127.0.0.1", 28180)).isEqualTo("10.214.7.1");
            assertThat(lab.call(lab.outside(), "tcp", lab.hostOutside(), 28180)).isEqualTo("198.18.13.2");
            assertThat(lab.call(lab.outside(), "tcp", guest.address(), 80)).isEqualTo("ConnectionRefusedError");
            host.rules().ports(InstanceKind.CONTAINER).forget(id);
        }
    }

    @Test
    void a_machines_port_is_guarded_before_it_starts_and_until_it_is_removed() {
        networks.ensureNetwork(SPEC);
        InstanceDefinition machine = machine();
        NicSpec nic = machine.nics().getFirst();
        networks.reserve(SPEC.name(), new Lease(nic.mac(), new Ipv4("10.214.7.30"), "vm", "alpha"));
        host.driver().define(machine, progress -> {});
        assertThat(ports()).contains(GuardedPort.machine(nic.id()));
        NetworkLab.run("nft", "delete", "table", "bridge", host.rules().name());
        host.driver().start(machine.id());
        assertThat(ports()).contains(GuardedPort.machine(nic.id()));
        Await.until(
                Duration.ofSeconds(60),
                () -> "no lease",
                () -> host.driver().observe(machine.id()).addresses().contains(new Ipv4("10.214.7.30")));
        host.driver().stop(machine.id(), StopMode.FORCE, Duration.ofSeconds(10));
        host.driver().destroy(machine.id());
        assertThat(ports()).doesNotContain(GuardedPort.machine(nic.id()));
    }

    private static String ports() {
        return NetworkLab.run("nft", "list", "set", "bridge", host.rules().name(), "vm_ports");
    }

    private static InstanceDefinition machine() {
        NicSpec nic = new NicSpec(
                UUID.randomUUID(), SPEC.name(), MacAddress.random(), new Ipv4("10.214.7.30"), NicSpec.Model.VIRTIO);
        VmSpec spec = TinyGuest.install(host.layout()).spec(VmSpec.Firmware.BIOS, null);
        return new InstanceDefinition(
                UUID.randomUUID(),
                "vm",
                "alpha",
                new CpuCount(1),
                new CpuCount(1),
                DataSize.ofMebibytes(128),
                DataSize.ofMebibytes(128),
                List.of(),
                List.of(nic),
                List.of(),
                spec);
    }
}
