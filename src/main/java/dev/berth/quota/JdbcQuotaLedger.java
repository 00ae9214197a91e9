package dev.berth.quota;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ledger as rows; see the package for why its updates are conditional. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class JdbcQuotaLedger implements QuotaLedger {
    private final Sql sql;

    JdbcQuotaLedger(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void reserve(UUID operation, UUID project, Amounts amounts) {
        for (Map.Entry<Resource, Long> entry : amounts.values().entrySet()) {
            long amount = entry.getValue();
            if (amount > 0) {
                take(project, entry.getKey(), amount);
            }
            sql.update(
                    "insert into quota_reservation (operation, project, resource, amount) values (?, ?, ?, ?)"
                            + " on conflict (operation, project, resource)"
                            + " do update set amount = quota_reservation.amount + excluded.amount",
                    operation,
                    project,
                    entry.getKey().name(),
                    amount);
        }
    }

    private void take(UUID project, Resource resource, long amount) {
        ensure(project, resource);
        int taken = sql.update(
                "update quota_counter set reserved = reserved + ? where project = ? and resource = ?"
                        + " and (max_amount is null or used + reserved + ? <= max_amount)",
                amount,
                project,
                resource.name(),
                amount);
        if (taken == 0) {
            throw refusal(project, resource, amount);
        }
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

    private List<Reservation> reservations(UUID operation) {
        return sql
                .query(
                        row -> new Reservation(
                                row.getObject("project", UUID.class),
                                Resource.valueOf(row.getString("resource")),
                                row.getLong("amount")),
                        "delete from quota_reservation where operation = ? returning project, resource, amount",
                        operation)
                .stream()
                .sorted(java.util.Comparator.comparing(Reservation::resource))
                .toList();
    }

    @Override
    public void commit(UUID operation) {
        for (Reservation reservation : reservations(operation)) {
            ensure(reservation.project(), reservation.resource());
            sql.update(
                    "update quota_counter set used = used + ?, reserved = reserved - ? where project = ? and resource = ?",
                    reservation.amount(),
                    Math.max(0, reservation.amount()),
                    reservation.project(),
                    reservation.resource().name());
        }
    }

    @Override
    public void release(UUID operation) {
        for (Reservation reservation : reservations(operation)) {
            if (reservation.amount() > 0) {
                sql.update(
                        "update quota_counter set reserved = reserved - ? where project = ? and resource = ?",
                        reservation.amount(),
                        reservation.project(),
                        reservation.resource().name());
            }
        }
    }

    @Override
    public void free(UUID project, Amounts amounts) {
        amounts.values()
                .forEach((resource, amount) -> sql.update(
                        "update quota_counter set used = used - ? where project = ? and resource = ?",
                        amount,
                        project,
                        resource.name()));
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
        ensure(project, resource);
        sql.update(
                "update quota_counter set max_amount = ? where project = ? and resource = ?",
                limit,
                project,
                resource.name());
    }

    private void ensure(UUID project, Resource resource) {
        sql.update(
                "insert into quota_counter (project, resource) values (?, ?) on conflict do nothing",
                project,
                resource.name());
    }
}
