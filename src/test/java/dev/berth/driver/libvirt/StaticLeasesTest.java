package dev.berth.driver.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.Lease;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a network's server reads; that it really does, {@link LibvirtNetworksTest} shows. */
class StaticLeasesTest {
    private static final MacAddress FIRST = new MacAddress("52:54:00:00:00:01");
    private static final MacAddress SECOND = new MacAddress("52:54:00:00:00:02");
    private static final String DOMAIN = "lab.internal";

    @TempDir
    private Path directory;

    private final AtomicInteger reloads = new AtomicInteger();

    private StaticLeases open() {
        return new StaticLeases("lab", directory.resolve("lab.berth"), reloads::incrementAndGet);
    }

    private static Lease lease(MacAddress mac, int last, String name, String project) {
        return new Lease(mac, new Ipv4("10.1.0." + last), name, project);
    }

    private static List<String> lines(Path files) throws IOException {
        try (Stream<Path> all = Files.list(files)) {
            return all.sorted().flatMap(StaticLeasesTest::linesOf).toList();
        }
    }

    private static Stream<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_new_lease_is_a_file_that_needs_no_reload() throws IOException {
        StaticLeases leases = open();
        leases.reserve(lease(FIRST, 5, "web", "alpha"), DOMAIN);
        leases.reserve(lease(FIRST, 5, "web", "alpha"), DOMAIN);
        assertThat(lines(leases.dhcp())).containsExactly("52:54:00:00:00:01,10.1.0.5,web");
        assertThat(lines(leases.dns())).containsExactly("10.1.0.5 web web.alpha.lab.internal");
        assertThat(reloads).as("of the opening alone").hasValue(1);
    }

    @Test
    void what_changes_is_read_anew() throws IOException {
        StaticLeases leases = open();
        leases.reserve(lease(FIRST, 5, "web", "alpha"), DOMAIN);
        leases.reserve(lease(FIRST, 6, "site", "alpha"), DOMAIN);
        assertThat(lines(leases.dhcp())).containsExactly("52:54:00:00:00:01,10.1.0.6,site");
        assertThat(reloads).hasValue(2);
        leases.release(FIRST);
        leases.release(FIRST);
        assertThat(lines(leases.dhcp())).isEmpty();
        assertThat(lines(leases.dns())).isEmpty();
    }

    @Test
    void what_goes_is_forgotten_when_its_address_is_wanted_again() {
        StaticLeases leases = open();
        leases.reserve(lease(FIRST, 5, "web", "alpha"), DOMAIN);
        leases.release(FIRST);
        leases.reserve(lease(SECOND, 6, "db", "alpha"), DOMAIN);
        assertThat(reloads).as("of the opening alone").hasValue(1);
        leases.reserve(lease(new MacAddress("52:54:00:00:00:03"), 5, "web", "alpha"), DOMAIN);
        assertThat(reloads).hasValue(2);
        leases.reserve(lease(new MacAddress("52:54:00:00:00:04"), 7, "mail", "alpha"), DOMAIN);
        assertThat(reloads).as("it is forgotten already").hasValue(2);
        leases.release(SECOND);
        leases.reserve(lease(SECOND, 8, "db", "alpha"), DOMAIN);
        assertThat(reloads).as("the interface had another address").hasValue(3);
    }

    @Test
    void a_name_stays_with_who_had_it_first_and_an_address_is_given_once() throws IOException {
        StaticLeases leases = open();
        leases.reserve(lease(FIRST, 5, "web", "alpha"), DOMAIN);
        leases.reserve(lease(SECOND, 6, "web", "beta"), DOMAIN);
        assertThat(lines(leases.dns()))
                .containsExactly("10.1.0.5 web web.alpha.lab.internal", "10.1.0.6 web-000002 web.beta.lab.internal");
        assertThatThrownBy(() -> leases.reserve(lease(MacAddress.random(), 6, "other", "beta"), DOMAIN))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_USE));
    }

    @Test
    void another_agent_finds_them_again_without_what_was_cut_off() throws IOException {
        StaticLeases before = open();
        before.reserve(lease(FIRST, 5, "web", "alpha"), DOMAIN);
        before.reserve(lease(SECOND, 6, "db", "alpha"), DOMAIN);
        Files.delete(before.dhcp().resolve("525400000002"));
        StaticLeases after = open();
        assertThat(after.all()).containsExactly(new Lease(FIRST, new Ipv4("10.1.0.5"), "web"));
        assertThat(lines(after.dns())).containsExactly("10.1.0.5 web web.alpha.lab.internal");
        after.reserve(lease(FIRST, 5, "web", "alpha"), DOMAIN);
        assertThat(reloads).as("of two openings alone").hasValue(2);
        after.remove();
        assertThat(directory.resolve("lab.berth")).doesNotExist();
    }
}
