package dev.berth.quota;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ledger as rows; see the package for why its updates are conditional. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class JdbcQuotaLedger implements QuotaLedger {
    private static final String WANTED = "unnest(?::text[], ?::bigint[]) as w(resource, amount)";
    private final Sql sql;

    JdbcQuotaLedger(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void reserve(UUID operation, UUID project, Amounts amounts) {
        if (amounts.values().isEmpty()) {
            return;
        }
        sql.later(
                "insert into quota_reservation (operation, project, resource, amount) select ?, ?, w.resource, w.amount from "
                        + WANTED + " on conflict (operation, project, resource)"
                        + " do update set amount = quota_reservation.amount + excluded.amount",
                operation,
                project,
                names(amounts),
                numbers(amounts));
        Amounts taken = amounts.positive();
        Set<Resource> limited = noteUnlimited(project, taken);
        reserveLimited(project, taken.only(limited::contains));
    }

    /** Notes what is reserved of resources without a limit, and returns those with one. */
    private Set<Resource> noteUnlimited(UUID project, Amounts amounts) {
        return Set.copyOf(sql.query(
                row -> Resource.valueOf(row.getString(1)),
                "with limited as (select resource from quota_counter where project = ? and max_amount is not null),"
                        + " noted as (insert into quota_change (project, resource, used, reserved)"
                        + " select ?, w.resource, 0, w.amount from " + WANTED
                        + " where w.resource not in (select resource from limited)) select resource from limited",
                project,
                project,
                names(amounts),
                numbers(amounts)));
    }

    /** Reserves what has a limit; who asks at the same time waits, and sees it. */
    private void reserveLimited(UUID project, Amounts amounts) {
        if (amounts.values().isEmpty()) {
            return;
        }
        addUp(project);
        List<String> granted = sql.query(
                row -> row.getString(1),
                "update quota_counter c set reserved = c.reserved + w.amount from " + WANTED
                        + " where c.project = ? and c.resource = w.resource"
                        + " and (c.max_amount is null or c.used + c.reserved + w.amount <= c.max_amount) returning c.resource",
                names(amounts),
                numbers(amounts),
                project);
        amounts.values().forEach((resource, amount) -> {
            if (!granted.contains(resource.name())) {
                throw refusal(project, resource, amount);
            }
        });
    }

    /** Adds all changes that are written down to the project's counters, which stay locked: in one order, so that nobody deadlocks. */
    private void addUp(UUID project) {
        sql.update(
                "insert into quota_counter (project, resource) select ?, name from unnest(?::text[]) as name"
                        + " order by name on conflict do nothing",
                project,
                Stream.of(Resource.values()).map(Resource::name).toArray(String[]::new));
        sql.query(
                row -> row.getString(1),
                "select resource from quota_counter where project = ? order by resource for update",
                project);
        sql.update(
                "with gone as (delete from quota_change where project = ? returning resource, used, reserved)"
                        + " update quota_counter c set used = c.used + s.used, reserved = c.reserved + s.reserved"
                        + " from (select resource, sum(used) as used, sum(reserved) as reserved from gone group by resource) s"
                        + " where c.project = ? and c.resource = s.resource",
                project,
                project);
    }

    @Override
    @Transactional
    public void addUp() {
        sql.query(row -> row.getObject(1, UUID.class), "select distinct project from quota_change order by project")
                .forEach(this::addUp);
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

    @Override
    public void commit(UUID operation) {
        take(operation, 1);
    }

    @Override
    public void release(UUID operation) {
        take(operation, 0);
    }

    /** Takes what an operation has reserved off the books, and notes it as used so many times. */
    private void take(UUID operation, int used) {
        sql.later(
                "with gone as (delete from quota_reservation where operation = ? returning project, resource, amount)"
                        + " insert into quota_change (project, resource, used, reserved)"
                        + " select project, resource, amount * ?, -greatest(0, amount) from gone where amount > 0 or ? > 0",
                operation,
                used,
                used);
    }

    @Override
    public void free(UUID project, Amounts amounts) {
        if (amounts.values().isEmpty()) {
            return;
        }
        sql.later(
                "insert into quota_change (project, resource, used, reserved) select ?, w.resource, -w.amount, 0 from "
                        + WANTED,
                project,
                names(amounts),
                numbers(amounts));
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
                "select resource, max_amount, used, reserved from quota_usage where project = ? order by resource",
                project);
    }

    @Override
    public void limit(UUID project, Resource resource, @Nullable Long limit) {
        addUp(project);
        sql.update(
                "update quota_counter set max_amount = ? where project = ? and resource = ?",
                limit,
                project,
                resource.name());
    }
}
