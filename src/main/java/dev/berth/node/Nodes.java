package dev.berth.node;

import dev.berth.driver.NodeDrivers;
import dev.berth.kernel.BerthException;
import io.quarkus.arc.All;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All nodes. */
@ApplicationScoped
public class Nodes {
    private final NodeStore store;
    private final NodeConnector connector;
    private final List<NodeListener> listeners;
    private final String localLink;
    private final String localName;
    private final Map<UUID, NodeWatcher> watchers = new ConcurrentHashMap<>();

    Nodes(NodeStore store, NodeConnector connector, @All List<NodeListener> listeners, NodeSettings settings) {
        this.store = store;
        this.connector = connector;
        this.listeners = listeners;
        this.localLink = settings.local();
        this.localName = settings.name();
    }

    void start(@Observes @Priority(2700) Startup event) {
        NodeDrivers drivers = connector.connect(localLink);
        UUID id = store.ensure(localName, localLink);
        NodeWatcher watcher = new NodeWatcher(id, localName, drivers, store, listeners);
        watchers.put(id, watcher);
        watcher.start();
    }

    void stop(@Observes Shutdown event) {
        watchers.values().forEach(NodeWatcher::close);
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

    /** The node to use when nobody chose one: the first by name that is connected, else the first. */
    public Node choose() {
        List<Node> all = list();
        return all.stream()
                .filter(Node::connected)
                .findFirst()
                .or(() -> all.stream().findFirst())
                .orElseThrow(() -> BerthException.notFound("node", "any"));
    }

    /** The node that a request names in its field {@code node}, or the one to use when it names none. */
    public Node wanted(@Nullable String name) {
        return name == null
                ? choose()
                : find(name).orElseThrow(() -> BerthException.invalid("/node", "There is no node '" + name + "'."));
    }

    /** The node's drivers; calls on them fail with NODE_UNAVAILABLE while it is away. */
    public NodeDrivers drivers(UUID node) {
        NodeWatcher watcher = watchers.get(node);
        if (watcher == null) {
            throw BerthException.notFound("node", node);
        }
        return watcher.drivers();
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
