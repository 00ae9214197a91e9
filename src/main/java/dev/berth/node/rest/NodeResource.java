package dev.berth.node.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Nodes: what they are and how busy. */
@Path("/api/v1/nodes")
@Tag(name = "nodes")
public class NodeResource {
    private final Nodes nodes;
    private final CurrentCaller current;

    NodeResource(Nodes nodes, CurrentCaller current) {
        this.nodes = nodes;
        this.current = current;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List nodes")
    public Page<Node> list(@BeanParam ListQuery query) {
        return query.page(nodes.list(), node -> node.id().toString());
    }

    @GET
    @Path("/{node}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "One node, by id or name")
    public Node get(String node) {
        return nodes.require(node);
    }

    @DELETE
    @Path("/{node}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary =
                    "Forget a node that is gone for good; with ?force=true also the instances, volumes and images on it")
    public void delete(String node, @QueryParam("force") @DefaultValue("false") boolean force) {
        nodes.forget(nodes.require(node), force, current.get());
    }
}
