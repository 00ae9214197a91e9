package dev.berth.quota;

import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.kernel.Subject;
import dev.berth.sql.Sql;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Recounts what projects use from what there is, reports counters that differ, and puts them right.
 *
 * <p>Used is what the inventories have less what open operations have reserved; reserved is what they have reserved. All of
 * it is read from one snapshot of the database; a counter that changes meanwhile makes the recount fail, and the next one
 * looks again. While an operation is being undone its rows and its reservation need not agree, so its project is left out.
 */
@ApplicationScoped
public class QuotaReconciler {
    private static final Logger LOG = Logger.getLogger(QuotaReconciler.class);
    private final Sql sql;
    private final Outbox outbox;
    private final QuotaLedger ledger;
    private final List<QuotaInventory> inventories;
    private final Duration period;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("quota-recount").factory());

    QuotaReconciler(
            Sql sql, Outbox outbox, QuotaLedger ledger, @All List<QuotaInventory> inventories, QuotaSettings settings) {
        this.sql = sql;
        this.outbox = outbox;
        this.ledger = ledger;
        this.inventories = inventories;
        this.period = settings.recount().every();
    }

    private record Key(UUID project, Resource resource) {}

    private record Count(long used, long reserved) {
        static final Count NONE = new Count(0, 0);
    }

    void start(@Observes @Priority(3100) Startup event) {
        timer.scheduleWithFixedDelay(this::recount, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes Shutdown event) {
        timer.shutdownNow();
    }

    private void recount() {
        try {
            reconcile();
        } catch (RuntimeException e) {
            LOG.infof("Quotas were not recounted (%s); the next time is in %s", e.getMessage(), period);
        }
    }

    /** Puts all counters right, and returns those that were wrong. */
    public List<QuotaDrift> reconcile() {
        ledger.addUp();
        List<QuotaDrift> drifts = QuarkusTransaction.requiringNew().call(() -> {
            sql.update("set transaction isolation level repeatable read");
            removeOrphans();
            List<QuotaDrift> found = find();
            found.forEach(this::repair);
            return found;
        });
        drifts.forEach(drift -> LOG.warnf("quota was wrong and is put right: %s", drift));
        return drifts;
    }

    /** A reservation ends in the transaction that ends its operation, so one without an open operation is a fault. */
    private void removeOrphans() {
        sql.query(
                        row -> row.getString(1),
                        "delete from quota_reservation r where not exists"
                                + " (select 1 from operation o where o.id = r.operation and o.finished_at is null)"
                                + " returning operation || ' ' || resource || ' ' || amount")
                .forEach(row -> LOG.warnf("a reservation had no operation and is removed: %s", row));
    }

    private List<QuotaDrift> find() {
        Map<Key, Count> wanted = new HashMap<>();
        for (QuotaInventory inventory : inventories) {
            inventory.amounts().forEach((project, amounts) -> amounts.values()
                    .forEach((resource, amount) -> add(wanted, new Key(project, resource), new Count(amount, 0))));
        }
        sql.query(
                        row -> Map.entry(key(row), row.getLong("amount")),
                        "select project, resource, amount from quota_reservation")
                .forEach(entry ->
                        add(wanted, entry.getKey(), new Count(-entry.getValue(), Math.max(0, entry.getValue()))));
        Map<Key, Count> kept = new HashMap<>();
        sql.query(
                        row -> Map.entry(key(row), new Count(row.getLong("used"), row.getLong("reserved"))),
                        "select project, resource, used, reserved from quota_usage")
                .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
        Set<UUID> unsettled = new HashSet<>(sql.query(
                row -> row.getObject(1, UUID.class),
                "select distinct project from operation where state = 'UNDOING' and project is not null"));
        Set<Key> keys = new HashSet<>(wanted.keySet());
        keys.addAll(kept.keySet());
        List<QuotaDrift> drifts = new ArrayList<>();
        for (Key key : keys) {
            Count right = wanted.getOrDefault(key, Count.NONE);
            Count now = kept.getOrDefault(key, Count.NONE);
            if (!right.equals(now) && !unsettled.contains(key.project())) {
                drifts.add(new QuotaDrift(
                        key.project(), key.resource(), now.used(), now.reserved(), right.used(), right.reserved()));
            }
        }
        return drifts;
    }

    private static Key key(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Key(row.getObject("project", UUID.class), Resource.valueOf(row.getString("resource")));
    }

    private static void add(Map<Key, Count> counts, Key key, Count more) {
        counts.merge(key, more, (a, b) -> new Count(a.used() + b.used(), a.reserved() + b.reserved()));
    }

    private void repair(QuotaDrift drift) {
        String resource = drift.resource().name();
        sql.update(
                "insert into quota_counter (project, resource) values (?, ?) on conflict do nothing",
                drift.project(),
                resource);
        sql.update(
                "update quota_counter set used = used + ?, reserved = reserved + ? where project = ? and resource = ?",
                drift.countedUsed() - drift.used(),
                drift.countedReserved() - drift.reserved(),
                drift.project(),
                resource);
        outbox.append(new NewEvent(
                "quota.corrected",
                drift.project(),
                new Subject("project", drift.project(), drift.project().toString()),
                "system",
                Map.of(
                        "resource", resource.toLowerCase(Locale.ROOT),
                        "used", drift.used(),
                        "reserved", drift.reserved(),
                        "countedUsed", drift.countedUsed(),
                        "countedReserved", drift.countedReserved())));
    }
}
