package dev.berth.instance.rest;

import dev.berth.access.Roles;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.instance.InstanceQuery;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.InventoryItem;
import dev.berth.network.NetworkView;
import dev.berth.network.Networks;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import dev.berth.project.Project;
import dev.berth.project.Projects;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What spans projects: the whole inventory, lists over all instances. */
@Path("/api/v1")
@RolesAllowed(Roles.VIEWER)
@Tag(name = "instances")
public class InventoryResource {
    private static final int EVERYTHING = 1_000_000;
    private final Projects projects;
    private final Nodes nodes;
    private final Images images;
    private final Networks networks;
    private final Instances instances;

    InventoryResource(Projects projects, Nodes nodes, Images images, Networks networks, Instances instances) {
        this.projects = projects;
        this.nodes = nodes;
        this.images = images;
        this.networks = networks;
        this.instances = instances;
    }

    /** Everything that a fleet tool needs, in one call. */
    public record Inventory(
            List<Project> projects,
            List<Node> nodes,
            List<Image> images,
            List<NetworkView> networks,
            List<InventoryItem> instances) {}

    @GET
    @Path("/inventory")
    @Operation(summary = "Everything in one call: projects, nodes, images, networks and instances with states")
    public Inventory inventory(@QueryParam("filter") @DefaultValue("") String filter) {
        return new Inventory(
                projects.list(),
                nodes.list(),
                images.list(),
                networks.views(),
                instances.inventory(InstanceQuery.of(null, filter, "name", null, EVERYTHING)));
    }

    @GET
    @Path("/instances")
    @Operation(summary = "List instances of all projects", description = "filter=state=running name~web cpus>=2")
    public Page<InstanceView> list(
            @BeanParam ListQuery query,
            @QueryParam("filter") @DefaultValue("") String filter,
            @QueryParam("sort") @DefaultValue("name") String sort) {
        InstanceQuery wanted = InstanceQuery.of(null, filter, sort, query.after(), query.limit() + 1);
        List<InstanceView> found = instances.list(wanted);
        boolean more = found.size() > query.limit();
        List<InstanceView> items = more ? found.subList(0, query.limit()) : found;
        return new Page<>(items, more ? wanted.next(items.getLast()) : null);
    }
}
