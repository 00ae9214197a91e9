package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.app.TestDatabase;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A DHCP server gives an address that it still holds a lease of to nobody else, so such addresses rest. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AddressReuseTest {
    @Inject
    Networks networks;

    @Inject
    Addresses addresses;

    @Inject
    Sql sql;

    /** A network with four addresses for instances. */
    private Network network() {
        UUID node = sql.one(row -> row.getObject(1, UUID.class), "select id from node limit 1")
                .orElseThrow();
        UUID id = Uuids.next();
        Cidr subnet = Cidr.parse("10.77.0.0/28");
        sql.update(
                "insert into network (id, node, name, subnet, gateway, domain, created_at) values (?, ?, ?, ?, ?, ?, now())",
                id,
                node,
                "reuse" + id.toString().substring(30),
                subnet.toString(),
                subnet.at(14).value(),
                "test.internal");
        return networks.find(id).orElseThrow();
    }

    private Ipv4 allocate(Network network, UUID instance) {
        return QuarkusTransaction.requiringNew()
                .call(() -> addresses.allocate(network, instance, Uuids.next()))
                .address();
    }

    private void free(UUID instance) {
        QuarkusTransaction.requiringNew().run(() -> addresses.free(instance));
    }

    @Test
    void addressesAreGivenOutInTurnRoundAndRound() {
        Network network = network();
        UUID first = Uuids.next();
        assertThat(allocate(network, first)).isEqualTo(network.subnet().at(10));
        free(first);
        assertThat(allocate(network, Uuids.next())).isEqualTo(network.subnet().at(11));
        sql.update("update network_address_freed set freed_at = now() - interval '2 hours'");
        assertThat(allocate(network, Uuids.next())).isEqualTo(network.subnet().at(12));
        assertThat(allocate(network, Uuids.next())).isEqualTo(network.subnet().at(13));
        assertThat(allocate(network, Uuids.next())).isEqualTo(network.subnet().at(10));
    }

    @Test
    void anAddressThatWasGivenUpRestsWhileOthersAreFree() {
        Network network = network();
        UUID second = Uuids.next();
        allocate(network, Uuids.next());
        allocate(network, second);
        free(second);
        allocate(network, Uuids.next());
        UUID fourth = Uuids.next();
        allocate(network, fourth);
        free(fourth);
        sql.update(
                "update network_address_freed set freed_at = now() - interval '2 hours' where network = ? and address = ?",
                network.id(),
                network.subnet().at(13).value());
        assertThat(allocate(network, Uuids.next())).isEqualTo(network.subnet().at(13));
    }

    @Test
    void whatOthersReservedIsPassedOverAndAFullNetworkSaysSo() {
        Network network = network();
        sql.update(
                "insert into network_foreign (network, address, mac, seen_at) values (?, ?, '52:54:00:00:00:01', now())",
                network.id(),
                network.subnet().at(11).value());
        List<Ipv4> given =
                Stream.generate(() -> allocate(network, Uuids.next())).limit(3).toList();
        assertThat(given)
                .containsExactly(
                        network.subnet().at(10),
                        network.subnet().at(12),
                        network.subnet().at(13));
        assertThatThrownBy(() -> allocate(network, Uuids.next()))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_CAPACITY));
    }

    @Test
    void whoComesMeanwhileGetsAnAddressOfItsOwn() {
        Network network = network();
        Set<Ipv4> given = new HashSet<>();
        QuarkusTransaction.requiringNew().run(() -> {
            given.add(addresses.allocate(network, Uuids.next(), Uuids.next()).address());
            given.add(allocate(network, Uuids.next()));
        });
        assertThat(given).hasSize(2);
    }

    @Test
    void aRestingAddressIsBetterThanNone() {
        Network network = network();
        UUID first = Uuids.next();
        allocate(network, first);
        for (int i = 0; i < 3; i++) {
            allocate(network, Uuids.next());
        }
        free(first);
        assertThat(allocate(network, Uuids.next())).isEqualTo(network.subnet().at(10));
    }

    @Test
    void newHardwareAddressesAreNobodysElse() {
        Network network = network();
        for (int i = 0; i < 4; i++) {
            Addresses.Held held = QuarkusTransaction.requiringNew()
                    .call(() -> addresses.allocate(network, Uuids.next(), Uuids.next()));
            assertThat(sql.query(
                            row -> row.getString(1),
                            "select address from network_address where mac = ?",
                            held.mac().value()))
                    .containsExactly(held.address().value());
        }
    }

    @Test
    void manyAtOnceGetAllThereAreAndEachItsOwn() throws Exception {
        Network network = network();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Ipv4>> given = Stream.generate(() -> threads.submit(() -> allocate(network, Uuids.next())))
                    .limit(4)
                    .toList();
            Set<Ipv4> different = new HashSet<>();
            for (Future<Ipv4> one : given) {
                different.add(one.get());
            }
            assertThat(different).hasSize(4);
        }
    }
}
