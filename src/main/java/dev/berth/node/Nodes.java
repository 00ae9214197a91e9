package dev.berth.node;

import dev.berth.access.Caller;
import dev.berth.driver.NodeDrivers;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.quarkus.arc.All;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** All nodes. */
@ApplicationScoped
public class Nodes {
    private static final Logger LOG = Logger.getLogger(Nodes.class);
    /** A node that is connected is seen every five seconds. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final NodeStore store;
    private final NodeConnector connector;
    private final List<NodeListener> listeners;
    private final String localLink;
    private final String localName;
    private final Event<Removal> removal;
    private final Clock clock;
    private final Map<UUID, NodeWatcher> watchers = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("nodes").factory());

    Nodes(
            NodeStore store,
            NodeConnector connector,
            @All List<NodeListener> listeners,
            NodeSettings settings,
            Event<Removal> removal,
            Clock clock) {
        this.store = store;
        this.connector = connector;
        this.listeners = listeners;
        this.removal = removal;
        this.clock = clock;
        this.localLink = settings.local();
        this.localName = settings.name();
    }

    void start(@Observes @Priority(2700) Startup event) {
        NodeDrivers drivers = connector.connect(localLink);
        UUID id = store.ensure(localName, localLink);
        NodeWatcher watcher = new NodeWatcher(id, localName, drivers, store, listeners);
        watchers.put(id, watcher);
        watcher.start();
        timer.scheduleWithFixedDelay(this::lapse, 0, 10, TimeUnit.SECONDS);
    }

    void stop(@Observes Shutdown event) {
        timer.shutdownNow();
        watchers.values().forEach(NodeWatcher::close);
    }

    private void lapse() {
        try {
            store.lapse(watchers.keySet(), clock.instant().minus(FRESH));
        } catch (RuntimeException e) {
            LOG.debugf(e, "nodes that nobody sees are looked for again later");
        }
    }

    public List<Node> list() {
        return store.list().stream().map(this::live).toList();
    }

    public Optional<Node> find(String idOrName) {
        return store.find(idOrName).map(this::live);
    }

    public Node require(String idOrName) {
        return find(idOrName).orElseThrow(() -> BerthException.notFound("node", idOrName));
    }

    /** The host name or IP address that a node is reached at; null where it stands beside the controller. */
    public @Nullable String address(UUID node) {
        return store.find(node.toString()).map(Node::address).orElse(null);
    }

    /**
     * The node to use when nobody chose one: of those that this controller has a link to the first by name that is connected,
     * else the first.
     */
    public Node choose() {
        List<Node> own =
                list().stream().filter(node -> watchers.containsKey(node.id())).toList();
        return own.stream()
                .filter(Node::connected)
                .findFirst()
                .or(() -> own.stream().findFirst())
                .orElseThrow(() -> BerthException.notFound("node", "any"));
    }

    /**
     * The node that a request names in its field {@code node}, or the one to use when it names none.
     *
     * @throws BerthException NODE_UNAVAILABLE when no controller has a link to it
     */
    public Node wanted(@Nullable String name) {
        if (name == null) {
            return choose();
        }
        Node node = find(name).orElseThrow(() -> BerthException.invalid("/node", "There is no node '" + name + "'."));
        return checked(node);
    }

    /**
     * Refuses work for a node that no controller has a link to; it would wait in vain.
     *
     * @throws BerthException NODE_UNAVAILABLE
     */
    public void requireLink(UUID node) {
        if (!watchers.containsKey(node)) {
            checked(require(node.toString()));
        }
    }

    private Node checked(Node node) {
        if (!linked(node)) {
            throw unlinked(node);
        }
        return node;
    }

    /** Whether this controller has a link to a node, or another one has. */
    public boolean linked(Node node) {
        return watchers.containsKey(node.id()) || node.connected();
    }

    /** The node's drivers; calls on them fail with NODE_UNAVAILABLE while it is away, and so does this without a link to it. */
    public NodeDrivers drivers(UUID node) {
        NodeWatcher watcher = watchers.get(node);
        if (watcher == null) {
            throw unlinked(require(node.toString()));
        }
        return watcher.drivers();
    }

    private static BerthException unlinked(Node node) {
        String remedy = node.connected()
                ? "; another one has, ask that one."
                : ". If it has another name now, set berth.node.name back to '" + node.name()
                        + "'; if it is gone for good, forget it: DELETE /api/v1/nodes/" + node.name() + ".";
        return BerthException.of(
                ErrorCode.NODE_UNAVAILABLE, "This controller has no link to the node '" + node.name() + "'" + remedy);
    }

    /**
     * A node is about to be forgotten. Observers throw IN_USE if they have something on it, or forget that too if it is forced.
     */
    public record Removal(Node node, boolean force, Caller caller) {
        /**
         * Refuses if there are such things and it is not forced.
         *
         * @param things for example {@code instances}
         */
        public void holds(int count, String things) {
            if (count > 0 && !force) {
                throw BerthException.of(
                                ErrorCode.IN_USE,
                                "There are " + count + " " + things + " on the node '" + node.name()
                                        + "'; with force=true they are forgotten with it.")
                        .with("node", node.name());
            }
        }
    }

    /**
     * Forgets a node that no controller has a link to. Nothing is done on the node itself.
     *
     * @param force whether also everything that is on it
     */
    @Transactional
    public void forget(Node seen, boolean force, Caller caller) {
        Node node = store.lock(seen.id()).map(this::live).orElseThrow(() -> BerthException.notFound("node", seen.id()));
        if (linked(node)) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "A controller has a link to the node '" + node.name()
                            + "' and would bring it back; set berth.node.name and berth.node.local to another node first.");
        }
        removal.fire(new Removal(node, force, caller));
        store.delete(node, caller.name());
    }

    private Node live(Node node) {
        NodeWatcher watcher = watchers.get(node.id());
        return watcher == null
                ? node
                : new Node(
                        node.id(),
                        node.name(),
                        node.address(),
                        watcher.connected(),
                        node.problem(),
                        node.facts(),
                        watcher.usage(),
                        node.lastSeen());
    }
}
