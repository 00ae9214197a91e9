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
import org.jspecify.annotations.Nullable;

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

    /** What an interface holds in its network. */
    public record Held(MacAddress mac, Ipv4 address) {}

    /**
     * Gives an interface the next free address and a random hardware address; in the caller's transaction. It never waits for
     * another transaction: an address that one is about to take is passed over, and comes back into play if that one rolls back.
     *
     * <p>Addresses that were given up lately are passed over while there are others. The DHCP server would not hand one of them
     * to its new owner, but some other address, while the lease of the old owner lasts.
     *
     * @throws BerthException NO_CAPACITY when all are taken
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Held allocate(Network network, UUID instance, UUID nic) {
        Nic wanted = new Nic(network, instance, nic);
        return allocate(wanted, clock.instant().minus(LEASE))
                .or(() -> allocate(wanted, clock.instant()))
                .orElseThrow(() -> BerthException.of(
                                ErrorCode.NO_CAPACITY,
                                "The network " + network.subnet()
                                        + " has no free address; remove instances or use another network.")
                        .with("network", network.subnet().toString()));
    }

    /** The interface that an address is for. */
    private record Nic(Network network, UUID instance, UUID id) {}

    /** One round over all addresses, in looks that grow. */
    private Optional<Held> allocate(Nic nic, Instant rested) {
        Network network = nic.network();
        AddressPlan plan = new AddressPlan(network.subnet(), network.gateway());
        AtomicLong next = turns.computeIfAbsent(network.id(), id -> new AtomicLong(afterHighest(id, plan)));
        long turn = next.getAndIncrement();
        long end = turn + plan.turns();
        for (long look = FIRST_LOOK; turn < end; look = Math.min(look * 2, LONGEST_LOOK)) {
            List<Ipv4> candidates = plan.at(turn, Math.min(look, end - turn));
            Attempt attempt = take(nic, candidates, rested);
            while (attempt.lost()) {
                attempt = take(nic, candidates, rested);
            }
            Ipv4 given = attempt.given();
            if (given != null) {
                long taken = turn + Math.floorMod(plan.turnOf(given) - turn, plan.turns());
                next.accumulateAndGet(taken + 1, Math::max);
                return Optional.of(new Held(attempt.mac(), given));
            }
            turn += look;
        }
        return Optional.empty();
    }

    /**
     * How it went to take one of some addresses.
     *
     * @param lost whether another transaction, which has ended since, had it or the hardware address
     */
    private record Attempt(MacAddress mac, @Nullable Ipv4 given, boolean lost) {}

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

    /**
     * Takes the first of some addresses that nobody has, that was not given up after an instant, and that no other open
     * transaction is about to take.
     */
    private Attempt take(Nic nic, List<Ipv4> candidates, Instant rested) {
        UUID network = nic.network().id();
        MacAddress mac = MacAddress.random();
        return sql.one(
                        row -> {
                            String given = row.getString("given");
                            return new Attempt(
                                    mac,
                                    given == null ? null : new Ipv4(given),
                                    given == null && row.getString("claimed") != null);
                        },
                        "with unused as materialized (select c.address from unnest(?::text[]) with ordinality as c(address, place)"
                                + " where not exists (select 1 from network_address a where a.network = ? and a.address = c.address)"
                                + " and not exists (select 1 from network_foreign f where f.network = ? and f.address = c.address)"
                                + " and not exists (select 1 from network_address_freed r"
                                + " where r.network = ? and r.address = c.address and r.freed_at > ?) order by c.place),"
                                + " claimed as materialized (select address from unused"
                                + " where pg_try_advisory_xact_lock(hashtext(?), hashtext(address)) limit 1),"
                                + " given as (insert into network_address (network, address, mac, nic, instance)"
                                + " select ?, address, ?, ?, ? from claimed on conflict do nothing returning address)"
                                + " select (select address from claimed) as claimed, (select address from given) as given",
                        candidates.stream().map(Ipv4::value).toArray(String[]::new),
                        network,
                        network,
                        network,
                        rested,
                        network.toString(),
                        network,
                        mac.value(),
                        nic.id(),
                        nic.instance())
                .orElseThrow();
    }

    /** Takes all addresses of an instance back; in the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void free(UUID instance) {
        // Rows that another transaction is at stay for the next one.
        sql.later(
                "delete from network_address_freed where (network, address) in (select network, address"
                        + " from network_address_freed where freed_at < ? for update skip locked)",
                clock.instant().minus(LEASE));
        sql.later(
                "insert into network_address_freed (network, address, freed_at)"
                        + " select network, address, ? from network_address where instance = ? order by network, address"
                        + " on conflict (network, address) do update set freed_at = excluded.freed_at",
                clock.instant(),
                instance);
        sql.later("delete from network_address where instance = ?", instance);
    }
}
