package dev.berth.storage;

import dev.berth.quota.Amounts;
import dev.berth.quota.QuotaInventory;
import dev.berth.quota.Resource;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What all volumes take of their projects' quotas, counted from their rows. */
@ApplicationScoped
class VolumeAmounts implements QuotaInventory {
    private final Sql sql;

    VolumeAmounts(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Map<UUID, Amounts> amounts() {
        Map<UUID, Amounts> all = new HashMap<>();
        sql.query(
                        row -> Map.entry(row.getObject("project", UUID.class), row.getLong("bytes")),
                        "select project, sum(size) as bytes from volume group by project")
                .forEach(entry -> all.put(entry.getKey(), new Amounts(Map.of(Resource.DISK, entry.getValue()))));
        return all;
    }
}
