package dev.berth.instance;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.ObservedState;
import dev.berth.json.BerthJson;
import dev.berth.kernel.Ipv4;
import dev.berth.node.NodeListener;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The only writer of observed rows: takes what nodes say, by event, by sweep or at the end of an operation. */
@ApplicationScoped
class StateReporter implements NodeListener {
    private static final String MISSING = "MISSING";
    private final Sql sql;
    private final InstanceStore store;
    private final Rates rates;

    StateReporter(Sql sql, InstanceStore store, Rates rates) {
        this.sql = sql;
        this.store = store;
        this.rates = rates;
    }

    @Override
    @Transactional
    public void event(UUID node, DriverEvent event) {
        switch (event) {
            case DriverEvent.Changed changed -> record(changed.state());
            case DriverEvent.Gone gone -> missing(gone.id(), 0);
            case DriverEvent.Resync resync -> {
                // The watcher sweeps; nothing is known yet.
            }
        }
    }

    @Override
    @Transactional
    public void swept(UUID node, List<ObservedState> states) {
        Map<UUID, String> known = new HashMap<>();
        sql.query(
                row -> {
                    UUID id = row.getObject("id", UUID.class);
                    rates.size(id, row.getInt("cpus"));
                    return known.put(id, row.getString("seen"));
                },
                "select i.id, i.cpus, o.state || ' ' || coalesce(o.reason, '') || ' ' || array_to_string(o.addresses, ',')"
                        + " || ' ' || coalesce(o.exit ->> 'at', '') || ' ' || coalesce(o.exit ->> 'restarts', '')"
                        + " || ' ' || coalesce(o.health, '') as seen"
                        + " from instance i left join instance_observed o on o.instance = i.id where i.node = ?",
                node);
        for (ObservedState state : states) {
            String before = known.remove(state.id());
            String reason = state.reason() == null ? "" : state.reason();
            String now =
                    String.join(" ", state.state().name(), reason, addresses(state), exit(state.exit()), health(state));
            if (!now.equals(before)) {
                record(state);
            }
        }
        // What was made while the sweep was on its way is not missing.
        known.keySet().forEach(id -> missing(id, 10));
    }

    /** Writes what was seen; what a crash of the database loses of that is seen again. */
    @Transactional
    void record(ObservedState state) {
        if (write(state)) {
            sql.commitAsynchronously();
        }
    }

    /**
     * Writes what was seen, unless the instance is just being deleted, in the caller's transaction. Returns whether it was news; an
     * unchanged state makes no event.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean write(ObservedState state) {
        Optional<Changed> changed = sql.one(
                Changed::read,
                "with news as (insert into instance_observed as o (instance, state, reason, addresses, exit, health, started_at, observed_at)"
                        + " select id, ?, ?, string_to_array(?, ','), ?::jsonb, ?, ?::timestamptz, ?::timestamptz"
                        + " from instance where id = ? for key share on conflict (instance) do update"
                        + " set state = excluded.state, reason = excluded.reason, addresses = excluded.addresses,"
                        + " exit = excluded.exit, health = excluded.health,"
                        + " started_at = excluded.started_at, observed_at = excluded.observed_at"
                        + " where o.observed_at <= excluded.observed_at and (o.state, o.reason, o.addresses, o.exit, o.health,"
                        + " o.started_at) is distinct from (excluded.state, excluded.reason, excluded.addresses, excluded.exit,"
                        + " excluded.health, excluded.started_at) returning instance)"
                        + " select i.id, i.project, i.name, i.kind, i.cpus from news join instance i on i.id = news.instance",
                state.state().name(),
                state.reason(),
                addresses(state),
                state.exit() == null ? null : BerthJson.text(state.exit()),
                state.health() == null ? null : state.health().name(),
                state.startedAt(),
                state.observedAt(),
                state.id());
        changed.ifPresent(news -> {
            rates.size(state.id(), news.cpus());
            store.announce("instance.state", news.instance(), "system");
        });
        return changed.isPresent();
    }

    /** An instance of which something else was seen than before. */
    private record Changed(InstanceStore.Named instance, int cpus) {
        static Changed read(ResultSet row) throws SQLException {
            return new Changed(
                    new InstanceStore.Named(
                            row.getObject("id", UUID.class),
                            row.getObject("project", UUID.class),
                            row.getString("name"),
                            InstanceKind.valueOf(row.getString("kind"))),
                    row.getInt("cpus"));
        }
    }

    private static String exit(ObservedState.@Nullable Exit exit) {
        return exit == null ? " " : exit.at() + " " + exit.restarts();
    }

    private static String health(ObservedState state) {
        return state.health() == null ? "" : state.health().name();
    }

    private static String addresses(ObservedState state) {
        return state.addresses().stream().map(Ipv4::value).collect(Collectors.joining(","));
    }

    private void missing(UUID id, int graceSeconds) {
        store.find(id)
                .filter(instance -> instance.phase() == Instance.Phase.READY)
                .ifPresent(instance -> {
                    int changed = sql.update(
                            "insert into instance_observed as o (instance, state, addresses, observed_at) values (?, ?, '{}', now())"
                                    + " on conflict (instance) do update set state = excluded.state, reason = ?, addresses = '{}',"
                                    + " started_at = null, observed_at = excluded.observed_at where o.state <> excluded.state"
                                    + " and o.observed_at < now() - make_interval(secs => ?)",
                            id,
                            MISSING,
                            "The hypervisor does not know this instance; it was removed by other means.",
                            graceSeconds);
                    if (changed == 1) {
                        store.announce("instance.state", instance, "system");
                    }
                });
    }
}
