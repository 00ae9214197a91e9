package dev.berth.instance;

import dev.berth.quota.Amounts;
import dev.berth.quota.QuotaInventory;
import dev.berth.quota.Resource;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What all instances and their snapshots take of their projects' quotas, counted from their rows. */
@ApplicationScoped
class InstanceAmounts implements QuotaInventory {
    private final Sql sql;

    InstanceAmounts(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Map<UUID, Amounts> amounts() {
        Map<UUID, Amounts> all = new HashMap<>();
        sql.query(
                        row -> Map.entry(
                                row.getObject("project", UUID.class),
                                new Amounts(Map.of(
                                        Resource.INSTANCES, row.getLong("instances"),
                                        Resource.CPUS, row.getLong("cpus"),
                                        Resource.MEMORY, row.getLong("memory"),
                                        Resource.DISK, row.getLong("disk"),
                                        Resource.SNAPSHOTS, row.getLong("snapshots")))),
                        "select project, count(*) as instances, sum(cpus) as cpus, sum(memory) as memory, sum((select"
                                + " coalesce(sum((d ->> 'size')::bigint), 0) from jsonb_array_elements(disks) d)) as disk,"
                                + " sum((select count(*) from snapshot s where s.instance = i.id)) as snapshots"
                                + " from instance i group by project")
                .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }
}
