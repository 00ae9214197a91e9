package dev.berth.network;

import dev.berth.driver.Lease;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NodeDrivers;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import dev.berth.kernel.Uuids;
import dev.berth.node.NodeListener;
import dev.berth.node.Nodes;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** All networks. Every node gets the default network when it is first reached. */
@ApplicationScoped
public class Networks implements NodeListener {
    private static final String SELECT = "select n.* from network n";
    /** Costs the more, the more addresses there are, so it is for those only who show it. */
    private static final String SELECT_COUNTED =
            "select n.*, (select count(*) from network_address a where a.network = n.id) as used from network n";

    private static final String ORDER = " order by n.name, n.id";
    private final Sql sql;
    private final Clock clock;
    private final String defaultName;
    private final Cidr defaultSubnet;

    Networks(Sql sql, Clock clock, NetworkSettings settings) {
        this.sql = sql;
        this.clock = clock;
        this.defaultName = settings.name();
        this.defaultSubnet = Cidr.parse(settings.subnet());
    }

    @Override
    public void connected(UUID node, NodeDrivers drivers) {
        ensureDefault(node);
        NetworkDriver driver = drivers.networks();
        list().stream().filter(network -> network.node().equals(node)).forEach(network -> {
            driver.ensureNetwork(network.spec());
            noteForeign(network, driver.reservations(network.name()));
        });
    }

    /** Keeps in mind what others reserved in a node's networks, so that it is never given out. */
    public void noteForeign(UUID node, NetworkDriver driver) {
        list().stream()
                .filter(network -> network.node().equals(node))
                .forEach(network -> noteForeign(network, driver.reservations(network.name())));
    }

    private void noteForeign(Network network, List<Lease> reservations) {
        QuarkusTransaction.joiningExisting().run(() -> {
            sql.update("delete from network_foreign where network = ?", network.id());
            for (Lease lease : reservations) {
                sql.update(
                        "insert into network_foreign (network, address, mac, seen_at) select ?, ?, ?, ? where not exists"
                                + " (select 1 from network_address where network = ? and mac = ?) on conflict do nothing",
                        network.id(),
                        lease.address().value(),
                        lease.mac().value(),
                        clock.instant(),
                        network.id(),
                        lease.mac().value());
            }
        });
    }

    /** After the instances, which hold addresses; refuses while some do. */
    void nodeRemoved(@Observes @Priority(1300) Nodes.Removal removal) {
        for (Network network : list()) {
            if (network.node().equals(removal.node().id())) {
                sql.update("delete from network_address_freed where network = ?", network.id());
                sql.update("delete from network where id = ?", network.id());
            }
        }
    }

    @Transactional
    void ensureDefault(UUID node) {
        sql.update(
                "insert into network (id, node, name, subnet, gateway, domain, created_at) values (?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                Uuids.next(),
                node,
                defaultName,
                defaultSubnet.toString(),
                defaultSubnet.at(1).value(),
                "berth.internal",
                clock.instant());
    }

    public List<Network> list() {
        return sql.query(Networks::read, SELECT + ORDER);
    }

    /** All networks with how many of their addresses are in use. */
    public List<NetworkView> views() {
        return sql.query(Networks::view, SELECT_COUNTED + ORDER);
    }

    public Optional<NetworkView> view(UUID id) {
        return sql.one(Networks::view, SELECT_COUNTED + " where n.id = ?", id);
    }

    public Optional<Network> find(UUID id) {
        return sql.one(Networks::read, SELECT + " where n.id = ?", id);
    }

    /** The network of a name on a node. */
    public Optional<Network> find(UUID node, String name) {
        return sql.one(Networks::read, SELECT + " where n.node = ? and n.name = ?", node, name);
    }

    /** The default network of a node, which gets its row here if the node was not reached yet; the node itself follows. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Network standard(UUID node) {
        return find(node, defaultName).orElseGet(() -> {
            ensureDefault(node);
            return find(node, defaultName).orElseThrow();
        });
    }

    /** Reserves an address with a node's DHCP server; a network that the node does not have yet is made first. */
    public void reserve(UUID node, NetworkDriver driver, Reservation wanted) {
        try {
            driver.reserve(wanted.network(), wanted.lease());
        } catch (BerthException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            driver.ensureNetwork(
                    find(node, wanted.network()).orElseThrow(() -> e).spec());
            driver.reserve(wanted.network(), wanted.lease());
        }
    }

    /** A reservation of an instance's interface, with the network that it is in. */
    public record Reservation(String network, Lease lease) {}

    /** What the node's DHCP server has to know of an instance. */
    public List<Reservation> reservations(UUID instance, String hostname, String project) {
        return sql.query(
                row -> new Reservation(
                        row.getString("name"),
                        new Lease(
                                new MacAddress(row.getString("mac")),
                                new Ipv4(row.getString("address")),
                                hostname,
                                project)),
                "select n.name, a.mac, a.address from network_address a join network n on n.id = a.network"
                        + " where a.instance = ? order by a.address",
                instance);
    }

    private static NetworkView view(ResultSet row) throws SQLException {
        return NetworkView.of(read(row), row.getLong("used"));
    }

    private static Network read(ResultSet row) throws SQLException {
        return new Network(
                row.getObject("id", UUID.class),
                row.getObject("node", UUID.class),
                row.getString("name"),
                Cidr.parse(row.getString("subnet")),
                new Ipv4(row.getString("gateway")),
                row.getString("domain"));
    }
}
