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
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** All networks, and who holds which address. Every node gets the default network when it is first reached. */
@ApplicationScoped
public class Networks implements NodeListener {
    /** libvirt's DHCP servers give leases of one hour. */
    private static final Duration LEASE = Duration.ofMinutes(65);

    private static final String SELECT =
            "select n.*, (select count(*) from network_address a where a.network = n.id) as used from network n";
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
        return sql.query(Networks::read, SELECT + " order by n.name, n.id");
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

    /** A random hardware address that no interface of the network has. */
    public MacAddress newMac(Network network) {
        MacAddress mac = MacAddress.random();
        while (!sql.query(
                        row -> 1,
                        "select 1 from network_address where network = ? and mac = ?",
                        network.id(),
                        mac.value())
                .isEmpty()) {
            mac = MacAddress.random();
        }
        return mac;
    }

    /**
     * Gives an interface the lowest free address; in the caller's transaction. It never waits for another transaction: an
     * address that one is about to take is passed over, and comes back into play if that one rolls back.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Ipv4 allocate(Network network, UUID instance, UUID nic, MacAddress mac) {
        Set<Ipv4> taken = new HashSet<>(sql.query(
                row -> new Ipv4(row.getString(1)),
                "select address from network_address where network = ?"
                        + " union select address from network_foreign where network = ?",
                network.id(),
                network.id()));
        Set<Ipv4> resting = resting(network);
        while (true) {
            Ipv4 address = next(network, taken, resting);
            if (claimed(network, address) && inserted(network, address, instance, nic, mac)) {
                return address;
            }
            taken.add(address);
        }
    }

    /**
     * Addresses that were given up lately. The DHCP server would not hand one of them to its new owner, but some other
     * address, while the lease of the old owner lasts.
     */
    private Set<Ipv4> resting(Network network) {
        return new HashSet<>(sql.query(
                row -> new Ipv4(row.getString(1)),
                "select address from network_address_freed where network = ? and freed_at > ?",
                network.id(),
                clock.instant().minus(LEASE)));
    }

    /** The lowest free address that rests no longer; one that still rests only when there is no other. */
    private static Ipv4 next(Network network, Set<Ipv4> taken, Set<Ipv4> resting) {
        Set<Ipv4> avoided = new HashSet<>(taken);
        avoided.addAll(resting);
        return AddressPlan.find(network.subnet(), network.gateway(), avoided)
                .orElseGet(() -> AddressPlan.free(network.subnet(), network.gateway(), taken));
    }

    /** Whether no other open transaction wants the address; holds for the rest of this one. */
    private boolean claimed(Network network, Ipv4 address) {
        return sql.one(
                        row -> row.getBoolean(1),
                        "select pg_try_advisory_xact_lock(hashtext(?), hashtext(?))",
                        network.id().toString(),
                        address.value())
                .orElseThrow();
    }

    private boolean inserted(Network network, Ipv4 address, UUID instance, UUID nic, MacAddress mac) {
        return sql.update(
                        "insert into network_address (network, address, mac, nic, instance) values (?, ?, ?, ?, ?)"
                                + " on conflict (network, address) do nothing",
                        network.id(),
                        address.value(),
                        mac.value(),
                        nic,
                        instance)
                == 1;
    }

    /** Takes all addresses of an instance back; in the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void free(UUID instance) {
        // Rows that another transaction is at stay for the next one.
        sql.update(
                "delete from network_address_freed where (network, address) in (select network, address"
                        + " from network_address_freed where freed_at < ? for update skip locked)",
                clock.instant().minus(LEASE));
        sql.update(
                "insert into network_address_freed (network, address, freed_at)"
                        + " select network, address, ? from network_address where instance = ? order by network, address"
                        + " on conflict (network, address) do update set freed_at = excluded.freed_at",
                clock.instant(),
                instance);
        sql.update("delete from network_address where instance = ?", instance);
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

    private static Network read(ResultSet row) throws SQLException {
        return new Network(
                row.getObject("id", UUID.class),
                row.getObject("node", UUID.class),
                row.getString("name"),
                Cidr.parse(row.getString("subnet")),
                new Ipv4(row.getString("gateway")),
                row.getString("domain"),
                row.getLong("used"));
    }
}
