package dev.berth.network;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The addresses that interfaces hold. What an allocation costs does not grow with the number of addresses that are held: it begins
 * where the last one ended.
 */
@ApplicationScoped
public class Addresses {
    /** libvirt's DHCP servers give leases of one hour. */
    private static final Duration LEASE = Duration.ofMinutes(65);

    private static final int FIRST_LOOK = 8;
    private static final int LONGEST_LOOK = 4096;

    private final Sql sql;
    private final Clock clock;
    private final Map<UUID, AtomicLong> turns = new ConcurrentHashMap<>();

    Addresses(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
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
     * Gives an interface the next free address; in the caller's transaction. It never waits for another transaction: an address
     * that one is about to take is passed over, and comes back into play if that one rolls back.
     *
     * <p>Addresses that were given up lately are passed over while there are others. The DHCP server would not hand one of them
     * to its new owner, but some other address, while the lease of the old owner lasts.
     *
     * @throws BerthException NO_CAPACITY when all are taken
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Ipv4 allocate(Network network, UUID instance, UUID nic, MacAddress mac) {
        Nic wanted = new Nic(network, instance, nic, mac);
        return allocate(wanted, clock.instant().minus(LEASE))
                .or(() -> allocate(wanted, clock.instant()))
                .orElseThrow(() -> BerthException.of(
                                ErrorCode.NO_CAPACITY,
                                "The network " + network.subnet()
                                        + " has no free address; remove instances or use another network.")
                        .with("network", network.subnet().toString()));
    }

    /** The interface that an address is for. */
    private record Nic(Network network, UUID instance, UUID id, MacAddress mac) {}

    /** One round over all addresses, in looks that grow. */
    private Optional<Ipv4> allocate(Nic nic, Instant rested) {
        Network network = nic.network();
        AddressPlan plan = new AddressPlan(network.subnet(), network.gateway());
        AtomicLong next = turns.computeIfAbsent(network.id(), id -> new AtomicLong(afterHighest(id, plan)));
        long turn = next.getAndIncrement();
        long end = turn + plan.turns();
        for (long look = FIRST_LOOK; turn < end; look = Math.min(look * 2, LONGEST_LOOK)) {
            for (Ipv4 address : unused(network, plan.at(turn, Math.min(look, end - turn)), rested)) {
                if (claimed(network, address) && inserted(nic, address)) {
                    long given = turn + Math.floorMod(plan.turnOf(address) - turn, plan.turns());
                    next.accumulateAndGet(given + 1, Math::max);
                    return Optional.of(address);
                }
            }
            turn += look;
        }
        return Optional.empty();
    }

    private long afterHighest(UUID network, AddressPlan plan) {
        return sql
                .query(
                        row -> new Ipv4(row.getString(1)),
                        "select host(address::inet) from network_address where network = ? order by address::inet desc limit 1",
                        network)
                .stream()
                .mapToLong(plan::turnOf)
                .map(turn -> Math.max(0, turn + 1))
                .findFirst()
                .orElse(0);
    }

    /** Those of some addresses that nobody has and that were not given up after an instant, in the given order. */
    private List<Ipv4> unused(Network network, List<Ipv4> candidates, Instant rested) {
        return sql.query(
                row -> new Ipv4(row.getString(1)),
                "select c.address from unnest(?::text[]) with ordinality as c(address, place)"
                        + " where not exists (select 1 from network_address a where a.network = ? and a.address = c.address)"
                        + " and not exists (select 1 from network_foreign f where f.network = ? and f.address = c.address)"
                        + " and not exists (select 1 from network_address_freed r"
                        + " where r.network = ? and r.address = c.address and r.freed_at > ?) order by c.place",
                candidates.stream().map(Ipv4::value).toArray(String[]::new),
                network.id(),
                network.id(),
                network.id(),
                rested);
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

    private boolean inserted(Nic nic, Ipv4 address) {
        return sql.update(
                        "insert into network_address (network, address, mac, nic, instance) values (?, ?, ?, ?, ?)"
                                + " on conflict (network, address) do nothing",
                        nic.network().id(),
                        address.value(),
                        nic.mac().value(),
                        nic.id(),
                        nic.instance())
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
}
