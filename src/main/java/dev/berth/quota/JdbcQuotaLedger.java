package dev.berth.quota;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The ledger as rows; see the package for why its updates are conditional. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class JdbcQuotaLedger implements QuotaLedger {
    private static final String WANTED = "unnest(?::text[], ?::bigint[]) as w(resource, amount)";
    private final Sql sql;
    /** Resources of projects that have counters. */
    private final Map<UUID, Set<String>> there = new ConcurrentHashMap<>();

    JdbcQuotaLedger(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void reserve(UUID operation, UUID project, Amounts amounts) {
        if (amounts.values().isEmpty()) {
            return;
        }
        Amounts taken = amounts.positive();
        lock(project, taken);
        List<String> granted = sql.query(
                row -> row.getString(1),
                "update quota_counter c set reserved = c.reserved + w.amount from " + WANTED
                        + " where c.project = ? and c.resource = w.resource"
                        + " and (c.max_amount is null or c.used + c.reserved + w.amount <= c.max_amount) returning c.resource",
                names(taken),
                numbers(taken),
                project);
        taken.values().forEach((resource, amount) -> {
            if (!granted.contains(resource.name())) {
                throw refusal(project, resource, amount);
            }
        });
        sql.update(
                "insert into quota_reservation (operation, project, resource, amount) select ?, ?, w.resource, w.amount from "
                        + WANTED + " on conflict (operation, project, resource)"
                        + " do update set amount = quota_reservation.amount + excluded.amount",
                operation,
                project,
                names(amounts),
                numbers(amounts));
    }

    /** Locks all counters of the project in one order, so that no two transactions wait for each other. */
    private void lock(UUID project, Amounts amounts) {
        String[] names = names(amounts);
        // Before any of them is locked: whoever waits for a lock does not see what was made meanwhile, and would have
        // to lock it
        // out of order.
        if (!there.getOrDefault(project, Set.of()).containsAll(List.of(names))) {
            make(project, names);
        }
        sql.query(
                row -> row.getString(1),
                "select resource from quota_counter where project = ? order by resource for update",
                project);
    }

    /** Makes counters that are missing; those that are there already stay, so that they need not be looked for again. */
    private void make(UUID project, String[] names) {
        // What this transaction itself made may still go.
        Set<String> found = Set.copyOf(sql.query(
                row -> row.getString(1),
                "select resource from quota_counter where project = ?"
                        + " and xmin is distinct from pg_current_xact_id_if_assigned()::xid",
                project));
        if (found.containsAll(List.of(names))) {
            there.put(project, found);
            return;
        }
        sql.update(
                "insert into quota_counter (project, resource) select ?, name from unnest(?::text[]) as name"
                        + " order by name on conflict do nothing",
                project,
                names);
    }

    private static String[] names(Amounts amounts) {
        return amounts.values().keySet().stream().map(Resource::name).toArray(String[]::new);
    }

    private static Long[] numbers(Amounts amounts) {
        return amounts.values().values().toArray(Long[]::new);
    }

    private BerthException refusal(UUID project, Resource resource, long amount) {
        Usage usage = usage(project).stream()
                .filter(row -> row.resource() == resource)
                .findFirst()
                .orElseThrow();
        long limit = usage.limit() == null ? Long.MAX_VALUE : usage.limit();
        String name = resource.name().toLowerCase(java.util.Locale.ROOT);
        return BerthException.of(
                        ErrorCode.QUOTA_EXCEEDED,
                        "The project's limit of " + limit + " " + name + " does not allow " + amount + " more: "
                                + usage.used() + " are used and " + usage.reserved() + " are reserved.")
                .with("scope", "project")
                .with("resource", name)
                .with("limit", limit)
                .with("used", usage.used())
                .with("reserved", usage.reserved())
                .with("requested", amount);
    }

    private record Reservation(UUID project, Resource resource, long amount) {}

    /** Takes what an operation has reserved off the books; amounts by project. */
    private Map<UUID, Amounts> take(UUID operation) {
        List<Reservation> reservations = sql.query(
                row -> new Reservation(
                        row.getObject("project", UUID.class),
                        Resource.valueOf(row.getString("resource")),
                        row.getLong("amount")),
                "delete from quota_reservation where operation = ? returning project, resource, amount",
                operation);
        Map<UUID, Amounts> byProject = new TreeMap<>();
        reservations.forEach(one -> byProject.merge(
                one.project(),
                new Amounts(Map.of(one.resource(), one.amount())),
                (sum, more) -> sum.plus(one.resource(), one.amount())));
        return byProject;
    }

    @Override
    public void commit(UUID operation) {
        take(operation).forEach((project, amounts) -> {
            lock(project, amounts);
            change(
                    "update quota_counter c set used = c.used + w.amount, reserved = c.reserved - greatest(0, w.amount)",
                    project,
                    amounts);
        });
    }

    @Override
    public void release(UUID operation) {
        take(operation).forEach((project, amounts) -> {
            lock(project, amounts.positive());
            change("update quota_counter c set reserved = c.reserved - w.amount", project, amounts.positive());
        });
    }

    @Override
    public void free(UUID project, Amounts amounts) {
        lock(project, amounts);
        change("update quota_counter c set used = c.used - w.amount", project, amounts);
    }

    private void change(String assignment, UUID project, Amounts amounts) {
        sql.update(
                assignment + " from " + WANTED + " where c.project = ? and c.resource = w.resource",
                names(amounts),
                numbers(amounts),
                project);
    }

    @Override
    @Transactional
    public List<Usage> usage(UUID project) {
        return sql.query(
                row -> {
                    long limit = row.getLong("max_amount");
                    return new Usage(
                            Resource.valueOf(row.getString("resource")),
                            row.wasNull() ? null : limit,
                            row.getLong("used"),
                            row.getLong("reserved"));
                },
                "select resource, max_amount, used, reserved from quota_counter where project = ? order by resource",
                project);
    }

    @Override
    public void limit(UUID project, Resource resource, @Nullable Long limit) {
        lock(project, new Amounts(Map.of(resource, 1L)));
        sql.update(
                "update quota_counter set max_amount = ? where project = ? and resource = ?",
                limit,
                project,
                resource.name());
    }
}
