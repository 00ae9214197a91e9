package dev.berth.instance;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.NicSpec;
import dev.berth.driver.ObservedState;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads instances for API and UI: one statement each, never a hypervisor. */
@ApplicationScoped
class InstanceQueries {
    /** What an instance does now, as a SQL expression over the joined rows. */
    static final String STATE = "(case when i.phase <> 'READY' then i.phase else coalesce(o.state, 'UNKNOWN') end)";

    private static final String FROM =
            " from instance i join project p on p.id = i.project join node n on n.id = i.node"
                    + " left join image m on m.id = i.image left join instance_observed o on o.instance = i.id";
    private static final String SELECT = "select i.*, " + Publications.COLUMN
            + ", p.name as project_name, n.name as node_name, n.connected, n.problem, m.name as image_name, "
            + STATE
            + " as state, o.reason, o.exit, o.health, o.addresses, o.started_at, o.observed_at,"
            + " coalesce(o.started_at < i.restart_needed_since, false) as restart_needed, (select q.id from operation q"
            + " where q.queue_key = 'instance:' || i.id and q.state in ('QUEUED', 'RUNNING', 'UNDOING')"
            + " order by q.seq limit 1) as operation" + FROM;
    private static final String SELECT_ITEM =
            "select i.id, i.name, i.project, p.name as project_name, i.kind, i.node, n.name as node_name, n.connected, n.problem,"
                    + " i.image, m.name as image_name, " + STATE
                    + " as state, o.reason, o.exit, o.health, i.desired_state, i.cpus, i.memory,"
                    + " (select sum((d ->> 'size')::bigint) from jsonb_array_elements(i.disks) d) as disk_size,"
                    + " array_to_string(o.addresses, ',') as address_list, i.deletion_protection, o.started_at,"
                    + " i.created_at, i.version";
    private final Sql sql;
    private final Rates rates;

    InstanceQueries(Sql sql, Rates rates) {
        this.sql = sql;
        this.rates = rates;
    }

    Optional<InstanceView> find(UUID id) {
        return sql.one(this::read, SELECT + " where i.id = ?", id);
    }

    /** By id or by name within a project. */
    Optional<InstanceView> find(UUID project, String idOrName) {
        Optional<UUID> id = Uuids.parse(idOrName);
        return id.isPresent()
                ? sql.one(this::read, SELECT + " where i.id = ? and i.project = ?", id.get(), project)
                : sql.one(this::read, SELECT + " where i.name = ? and i.project = ?", idOrName, project);
    }

    /** A page in the order of the query, after its cursor. Ids are found first, so that only the page's rows are wide. */
    List<InstanceView> list(InstanceQuery query) {
        List<Object> parameters = new ArrayList<>();
        return sql.query(
                this::read,
                SELECT + " where i.id in (select i.id" + page(query, parameters) + ") order by "
                        + query.order().sql(),
                parameters.toArray());
    }

    /** The same as short items. */
    List<InventoryItem> items(InstanceQuery query) {
        List<Object> parameters = new ArrayList<>();
        return sql.query(this::readItem, SELECT_ITEM + page(query, parameters), parameters.toArray());
    }

    private static String page(InstanceQuery query, List<Object> parameters) {
        return FROM + where(query, parameters) + " order by " + query.order().sql() + " limit " + query.limit()
                + " offset " + query.offset();
    }

    int count(InstanceQuery query) {
        List<Object> parameters = new ArrayList<>();
        String where = where(query, parameters);
        return sql.one(row -> row.getInt(1), "select count(*)" + FROM + where, parameters.toArray())
                .orElse(0);
    }

    /** Images that containers are made of, with the number of them. */
    Map<UUID, Integer> containersByImage() {
        return sql
                .query(
                        row -> Map.entry(row.getObject(1, UUID.class), row.getInt(2)),
                        "select image, count(*) from instance where kind = 'CONTAINER' and image is not null group by image")
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String where(InstanceQuery query, List<Object> parameters) {
        StringBuilder where = new StringBuilder(" where ").append(query.filter().condition());
        parameters.addAll(query.filter().parameters());
        UUID project = query.project();
        if (project != null) {
            where.append(" and i.project = ?");
            parameters.add(project);
        }
        InstanceQuery.Cursor after = query.after();
        if (after != null) {
            String compare = query.order().descending() ? "<" : ">";
            String key = query.order().key();
            where.append(" and (")
                    .append(key)
                    .append(", i.id) ")
                    .append(compare)
                    .append(" (?, ?)");
            parameters.add(after.value());
            parameters.add(after.id());
        }
        return where.toString();
    }

    private InstanceView read(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        InstanceView.State state = InstanceView.State.valueOf(row.getString("state"));
        List<NicSpec> nics = InstanceStore.parse(row.getString("nics"), InstanceStore.NICS);
        List<DiskSpec> disks = InstanceStore.parse(row.getString("disks"), InstanceStore.DISKS);
        ObservedState.Exit exit = InstanceStore.exit(row.getString("exit"));
        return new InstanceView(
                id,
                row.getString("name"),
                row.getObject("project", UUID.class),
                row.getString("project_name"),
                InstanceKind.valueOf(row.getString("kind")),
                row.getObject("node", UUID.class),
                row.getString("node_name"),
                row.getObject("image", UUID.class),
                row.getString("image_name"),
                state,
                reason(row),
                InstanceView.Exit.of(exit),
                health(row),
                exit == null ? 0 : exit.restarts(),
                stale(row),
                InstanceView.State.valueOf(row.getString("desired_state")),
                new CpuCount(row.getInt("cpus")),
                new CpuCount(row.getInt("max_cpus")),
                new DataSize(row.getLong("memory")),
                new DataSize(row.getLong("max_memory")),
                disks,
                nics,
                InstanceStore.parse(row.getString("publications"), InstanceStore.PUBLICATIONS).stream()
                        .map(PublishedPort::of)
                        .toList(),
                addresses(row.getArray("addresses")),
                InstanceStore.parseSpec(row.getString("spec")),
                row.getBoolean("deletion_protection"),
                row.getBoolean("restart_needed"),
                state == InstanceView.State.RUNNING && row.getBoolean("connected")
                        ? rates.latest(id).orElse(null)
                        : null,
                row.getObject("operation", UUID.class),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "observed_at"),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }

    private InventoryItem readItem(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        InstanceView.State state = InstanceView.State.valueOf(row.getString("state"));
        String addresses = row.getString("address_list");
        return new InventoryItem(
                id,
                row.getString("name"),
                row.getObject("project", UUID.class),
                row.getString("project_name"),
                InstanceKind.valueOf(row.getString("kind")),
                row.getObject("node", UUID.class),
                row.getString("node_name"),
                row.getObject("image", UUID.class),
                row.getString("image_name"),
                state,
                reason(row),
                InstanceView.Exit.of(InstanceStore.exit(row.getString("exit"))),
                health(row),
                stale(row),
                InstanceView.State.valueOf(row.getString("desired_state")),
                new CpuCount(row.getInt("cpus")),
                new DataSize(row.getLong("memory")),
                new DataSize(row.getLong("disk_size")),
                addresses == null || addresses.isEmpty() ? List.of() : List.of(addresses.split(",")),
                row.getBoolean("deletion_protection"),
                state == InstanceView.State.RUNNING && row.getBoolean("connected")
                        ? rates.latest(id).orElse(null)
                        : null,
                Sql.instant(row, "started_at"),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }

    private static ObservedState.@Nullable Health health(ResultSet row) throws SQLException {
        String word = row.getString("health");
        return word == null ? null : ObservedState.Health.valueOf(word);
    }

    /** Why it is in its state; while nobody can look, that this is the last that was seen. */
    private static @Nullable String reason(ResultSet row) throws SQLException {
        if (!stale(row)) {
            return row.getString("reason");
        }
        return (row.getBoolean("connected") ? "The hypervisor of the node '" : "The node '")
                + row.getString("node_name")
                + (row.getBoolean("connected") ? "' does not answer" : "' cannot be reached")
                + "; this is the last that was seen.";
    }

    private static boolean stale(ResultSet row) throws SQLException {
        return !row.getBoolean("connected") || row.getString("problem") != null;
    }

    /** What the guest holds; nothing before it was seen. */
    private static List<String> addresses(@Nullable Array seen) throws SQLException {
        if (seen != null) {
            return Arrays.asList((String[]) seen.getArray());
        }
        return List.of();
    }
}
