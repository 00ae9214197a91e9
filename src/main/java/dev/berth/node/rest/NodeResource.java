package dev.berth.node.rest;

import dev.berth.access.Roles;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Nodes: what they are and how busy. */
@Path("/api/v1/nodes")
@RolesAllowed(Roles.VIEWER)
@Tag(name = "nodes")
public class NodeResource {
    private final Nodes nodes;

    NodeResource(Nodes nodes) {
        this.nodes = nodes;
    }

    @GET
    @Operation(summary = "List nodes")
    public Page<Node> list(@BeanParam ListQuery query) {
        return query.page(nodes.list(), node -> node.id().toString());
    }

    @GET
    @Path("/{node}")
    @Operation(summary = "One node, by id or name")
    public Node get(String node) {
        return nodes.require(node);
    }
}
