package dev.berth.metrics;

import dev.berth.driver.NodeUsage;
import dev.berth.kernel.BerthException;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import dev.berth.sql.Sql;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Gauges of instances, operations and nodes. */
@ApplicationScoped
class FleetMetrics {
    private static final Logger LOG = Logger.getLogger(FleetMetrics.class);
    private static final int PERIOD_SECONDS = 10;
    private static final String INSTANCES = "select case when i.phase <> 'READY' then i.phase"
            + " else coalesce(o.state, 'UNKNOWN') end as state, count(*) as number"
            + " from instance i left join instance_observed o on o.instance = i.id group by 1";
    private static final String OPERATIONS = "select state, count(*) as number from operation"
            + " where state in ('QUEUED', 'RUNNING', 'UNDOING') group by 1";
    private final Sql sql;
    private final Nodes nodes;
    private final MultiGauge instances;
    private final MultiGauge operations;
    private final MultiGauge connected;
    private final MultiGauge cpu;
    private final MultiGauge memory;
    private final ScheduledExecutorService refreshing = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("metrics").factory());

    FleetMetrics(Sql sql, Nodes nodes, MeterRegistry registry) {
        this.sql = sql;
        this.nodes = nodes;
        this.instances = gauge(registry, "berth.instances", "Instances by state");
        this.operations = gauge(registry, "berth.operations.active", "Operations that have not ended, by state");
        this.connected = gauge(registry, "berth.node.connected", "1 while the node's agent answers");
        this.cpu = gauge(registry, "berth.node.cpu.fraction", "Share of the node's CPUs in use");
        this.memory = gauge(registry, "berth.node.memory.used.bytes", "Memory in use on the node");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    void start(@Observes Startup event) {
        refreshing.scheduleWithFixedDelay(this::refresh, 1, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    void stop(@Observes Shutdown event) {
        refreshing.shutdownNow();
    }

    void refresh() {
        try {
            instances.register(counts(INSTANCES), true);
            operations.register(counts(OPERATIONS), true);
            List<Node> all = nodes.list();
            connected.register(
                    all.stream()
                            .map(node -> row(node, node.connected() ? 1 : 0))
                            .toList(),
                    true);
            cpu.register(usage(all, usage -> usage.cpuFraction()), true);
            memory.register(usage(all, usage -> (double) usage.memoryUsed().bytes()), true);
        } catch (BerthException e) {
            LOG.debugf(e, "metrics keep their last figures");
        } catch (RuntimeException e) {
            LOG.warnf(e, "metrics could not be refreshed");
        }
    }

    private List<MultiGauge.Row<?>> counts(String query) {
        return List.copyOf(sql.query(
                row -> MultiGauge.Row.of(
                        Tags.of("state", row.getString("state").toLowerCase(Locale.ROOT)), row.getLong("number")),
                query));
    }

    private static List<MultiGauge.Row<?>> usage(List<Node> nodes, ToDoubleFunction<NodeUsage> value) {
        return nodes.stream()
                .flatMap(node -> Stream.ofNullable(node.usage())
                        .<MultiGauge.Row<?>>map(usage -> row(node, value.applyAsDouble(usage))))
                .toList();
    }

    private static MultiGauge.Row<?> row(Node node, double value) {
        return MultiGauge.Row.of(Tags.of("node", node.name()), value);
    }
}
