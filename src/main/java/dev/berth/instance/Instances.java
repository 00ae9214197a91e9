package dev.berth.instance;

import dev.berth.driver.Logs;
import dev.berth.driver.NodeDrivers;
import dev.berth.image.ImageUsers;
import dev.berth.image.Images;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.node.Nodes;
import dev.berth.project.Projects;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Looks at instances. Lists never touch a hypervisor. */
@ApplicationScoped
public class Instances implements ImageUsers {
    private static final int MOST_LOG = 4 << 20;
    private final InstanceQueries queries;
    private final InstanceStore store;
    private final Nodes nodes;
    private final Projects projects;

    Instances(InstanceQueries queries, InstanceStore store, Nodes nodes, Projects projects) {
        this.queries = queries;
        this.store = store;
        this.nodes = nodes;
        this.projects = projects;
    }

    public Optional<InstanceView> find(UUID id) {
        return queries.find(id);
    }

    public InstanceView require(UUID id) {
        return find(id).orElseThrow(() -> BerthException.notFound("instance", id));
    }

    /** By id or name within a project, which itself goes by id or name; NOT_FOUND if either is not there. */
    public InstanceView require(String project, String idOrName) {
        return queries.find(projects.require(project).id(), idOrName)
                .orElseThrow(() -> BerthException.notFound("instance", idOrName));
    }

    public List<InstanceView> list(InstanceQuery query) {
        return queries.list(query);
    }

    /** Short items, for everything at once. */
    public List<InventoryItem> inventory(InstanceQuery query) {
        return queries.items(query);
    }

    public int count(InstanceQuery query) {
        return queries.count(query);
    }

    @Override
    public Map<UUID, Integer> containersByImage() {
        return queries.containersByImage();
    }

    /** The end of its serial log, at most 4 MiB. */
    public byte[] log(UUID id, int maxBytes) {
        if (maxBytes < 1 || maxBytes > MOST_LOG) {
            throw BerthException.invalid("?bytes", "bytes is between 1 and " + MOST_LOG + ".");
        }
        InstanceView instance = require(id);
        NodeDrivers drivers = nodes.drivers(instance.node());
        return drivers.instances(instance.kind()).require(Logs.class).tailLog(id, maxBytes);
    }

    void projectRemoved(@Observes Projects.Removal removal) {
        if (store.any("project", removal.project().id())) {
            throw BerthException.of(ErrorCode.IN_USE, "The project still has instances; delete or move them first.");
        }
    }

    void imageRemoved(@Observes Images.Removal removal) {
        List<String> users = store.usersOf(removal.image().id());
        if (!users.isEmpty()) {
            throw BerthException.of(
                            ErrorCode.IN_USE,
                            "Made from this image or with it in a drive: " + String.join(", ", users)
                                    + "; delete, rebuild or eject first.")
                    .with("users", users);
        }
    }
}
