package dev.berth.node;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.NodeDrivers;
import dev.berth.driver.NodeFacts;
import dev.berth.driver.NodeUsage;
import dev.berth.driver.ObservedState;
import dev.berth.driver.Sample;
import dev.berth.driver.Statistics;
import dev.berth.driver.Subscription;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an eye on one node: connects, tells the listeners, sweeps and samples.
 *
 * <pre>
 *  AWAY ──── facts() answers, listeners content ───► CONNECTED ── a call fails ──► AWAY
 *    └── its drivers have a problem ──► IMPAIRED ◄──────┘  └── its hypervisor is gone ──► IMPAIRED
 *                                          └── they are well again, listeners content ──► CONNECTED
 * </pre>
 *
 * <p>An impaired node can be reached, but what is known of its instances is old.
 *
 * <p>Watching and sampling have a thread each, so that a slow sweep does not stop the figures.
 */
final class NodeWatcher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NodeWatcher.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration FACTS = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final Duration SAMPLE = Duration.ofSeconds(5);
    private final UUID node;
    private final NodeDrivers drivers;
    private final NodeStore store;
    private final List<NodeListener> listeners;
    private final ScheduledExecutorService watching;
    private final ScheduledExecutorService sampling;
    private volatile Reach reach = Reach.AWAY;
    private volatile boolean sweepDue;
    private volatile @Nullable NodeUsage usage;
    private List<Subscription> events = List.of();
    private volatile @Nullable NodeFacts facts;
    private long lastSweep;

    /** What is known of the node. */
    private enum Reach {
        AWAY,
        IMPAIRED,
        CONNECTED
    }

    NodeWatcher(UUID node, String name, NodeDrivers drivers, NodeStore store, List<NodeListener> listeners) {
        this.node = node;
        this.drivers = drivers;
        this.store = store;
        this.listeners = listeners;
        this.watching = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("node-" + name).factory());
        this.sampling = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("node-" + name + "-samples").factory());
    }

    void start() {
        watching.scheduleWithFixedDelay(this::watch, 0, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        sampling.scheduleWithFixedDelay(this::sample, 1000, SAMPLE.toMillis(), TimeUnit.MILLISECONDS);
    }

    NodeDrivers drivers() {
        return drivers;
    }

    boolean connected() {
        return reach != Reach.AWAY;
    }

    @Nullable
    NodeUsage usage() {
        return connected() ? usage : null;
    }

    private long lastFacts;

    private void watch() {
        try {
            if (reach != Reach.CONNECTED || isOver(lastFacts, FACTS)) {
                look();
            }
            if (reach == Reach.CONNECTED && (sweepDue || isOver(lastSweep, SWEEP))) {
                sweep();
            }
        } catch (BerthException e) {
            if (e.code() == ErrorCode.HYPERVISOR_UNAVAILABLE && facts != null) {
                impaired(facts, e.message());
            } else {
                lost(e.message());
            }
        } catch (RuntimeException e) {
            LOG.errorf(e, "watching node %s failed", node);
            lost("Unexpected failure: " + e.getMessage());
        }
    }

    private static boolean isOver(long since, Duration interval) {
        return System.nanoTime() - since > interval.toNanos();
    }

    private void look() {
        NodeFacts seen = drivers.probe().facts();
        facts = seen;
        lastFacts = System.nanoTime();
        String problem = problem(seen);
        if (problem != null) {
            impaired(seen, problem);
            return;
        }
        if (reach != Reach.CONNECTED) {
            connect();
        }
        store.seen(node, seen, null);
    }

    private void impaired(NodeFacts seen, String problem) {
        if (reach != Reach.IMPAIRED) {
            LOG.warnf("node %s has a problem: %s", node, problem);
        }
        reach = Reach.IMPAIRED;
        try {
            store.seen(node, seen, problem);
        } catch (RuntimeException e) {
            LOG.debugf(e, "could not record the problem of node %s", node);
        }
    }

    private void connect() {
        listeners.forEach(listener -> listener.connected(node, drivers));
        events.forEach(Subscription::close);
        events =
                kinds().map(kind -> drivers.instances(kind).events(this::event)).toList();
        sweep();
        reach = Reach.CONNECTED;
        LOG.infof("node %s is connected", node);
    }

    /** The kinds of instances that the node runs. */
    private Stream<InstanceKind> kinds() {
        NodeFacts known = facts;
        return known == null
                ? Stream.of()
                : known.drivers().stream()
                        .flatMap(driver -> driver.capabilities().kinds().stream())
                        .distinct()
                        .sorted();
    }

    private void event(DriverEvent event) {
        if (event instanceof DriverEvent.Resync) {
            sweepDue = true;
        }
        for (NodeListener listener : listeners) {
            try {
                listener.event(node, event);
            } catch (RuntimeException e) {
                // The next sweep finds what this event would have said.
                sweepDue = true;
                LOG.warnf("event %s of node %s was not recorded: %s", event, node, e.getMessage());
            }
        }
    }

    private void sweep() {
        sweepDue = false;
        lastSweep = System.nanoTime();
        List<ObservedState> states = kinds().flatMap(kind -> drivers.instances(kind).observeAll().stream())
                .toList();
        listeners.forEach(listener -> listener.swept(node, states));
    }

    private void sample() {
        if (!connected()) {
            return;
        }
        try {
            usage = drivers.probe().usage();
            List<Sample> samples = kinds().map(kind -> drivers.instances(kind).capability(Statistics.class))
                    .flatMap(Optional::stream)
                    .flatMap(statistics -> statistics.sampleAll().stream())
                    .toList();
            listeners.forEach(listener -> listener.sampled(node, samples));
        } catch (RuntimeException e) {
            LOG.debugf(e, "sampling node %s failed", node);
        }
    }

    private void lost(String reason) {
        boolean was = connected();
        reach = Reach.AWAY;
        if (was) {
            LOG.warnf("node %s is away: %s", node, reason);
            listeners.forEach(listener -> listener.disconnected(node, reason));
        }
        try {
            store.lost(node, reason);
        } catch (RuntimeException e) {
            LOG.debugf(e, "could not record that node %s is away", node);
        }
    }

    private static @Nullable String problem(NodeFacts facts) {
        return facts.drivers().stream()
                .map(NodeFacts.DriverFacts::problem)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        watching.shutdownNow();
        sampling.shutdownNow();
        drivers.close();
    }
}
