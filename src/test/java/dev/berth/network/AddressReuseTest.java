package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.TestDatabase;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A DHCP server gives an address that it still holds a lease of to nobody else, so such addresses rest. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AddressReuseTest {
    @Inject
    Networks networks;

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
                .call(() -> networks.allocate(network, instance, Uuids.next(), networks.newMac(network)));
    }

    private void free(UUID instance) {
        QuarkusTransaction.requiringNew().run(() -> networks.free(instance));
    }

    @Test
    void anAddressThatWasGivenUpRestsWhileOthersAreFree() {
        Network network = network();
        UUID first = Uuids.next();
        assertThat(allocate(network, first)).isEqualTo(network.subnet().at(10));
        free(first);
        assertThat(allocate(network, Uuids.next())).isEqualTo(network.subnet().at(11));
        sql.update("update network_address_freed set freed_at = now() - interval '2 hours'");
        assertThat(allocate(network, Uuids.next())).isEqualTo(network.subnet().at(10));
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
    void newHardwareAddressesAreUnicastAndNobodys() {
        Network network = network();
        MacAddress mac = networks.newMac(network);
        assertThat(sql.query(row -> 1, "select 1 from network_address where mac = ?", mac.value()))
                .isEmpty();
    }
}
