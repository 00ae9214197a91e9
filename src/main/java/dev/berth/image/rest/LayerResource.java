package dev.berth.image.rest;

import dev.berth.access.Roles;
import dev.berth.image.ImageLayers;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The layers that nodes keep. */
@Path("/api/v1/layers")
@Tag(name = "images")
public class LayerResource {
    private final ImageLayers layers;

    LayerResource(ImageLayers layers) {
        this.layers = layers;
    }

    @POST
    @Path("/actions/collect-garbage")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Remove layers that no image has; dryRun=true only tells which")
    public List<ImageLayers.Collected> collectGarbage(
            @QueryParam("dryRun") @DefaultValue("false") boolean dryRun, @QueryParam("node") @Nullable String node) {
        return layers.collectGarbage(node, dryRun);
    }
}
