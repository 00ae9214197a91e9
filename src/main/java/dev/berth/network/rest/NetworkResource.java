package dev.berth.network.rest;

import dev.berth.access.Roles;
import dev.berth.kernel.BerthException;
import dev.berth.network.NetworkView;
import dev.berth.network.Networks;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Virtual networks. */
@Path("/api/v1/networks")
@RolesAllowed(Roles.VIEWER)
@Tag(name = "networks")
public class NetworkResource {
    private final Networks networks;

    NetworkResource(Networks networks) {
        this.networks = networks;
    }

    @GET
    @Operation(summary = "List networks")
    public Page<NetworkView> list(@BeanParam ListQuery query) {
        return query.page(networks.views(), network -> network.id().toString());
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One network")
    public NetworkView get(UUID id) {
        return networks.view(id).orElseThrow(() -> BerthException.notFound("network", id));
    }
}
