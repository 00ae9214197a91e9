package dev.berth.image.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.driver.LayerStore;
import dev.berth.driver.StoredImage;
import dev.berth.image.Image;
import dev.berth.image.ImageLayers;
import dev.berth.image.Images;
import dev.berth.kernel.BerthException;
import dev.berth.operation.OperationView;
import dev.berth.rest.Accepted;
import dev.berth.rest.Idempotency;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What only OCI images have: layers, registries to pull from and push to, archives. */
@Path("/api/v1")
@Tag(name = "images")
public class LayerResource {
    private static final int CHUNK = 1 << 20;
    private final Images images;
    private final ImageLayers layers;
    private final CurrentCaller current;
    private final Idempotency idempotency;
    private final Accepted accepted;

    LayerResource(
            Images images, ImageLayers layers, CurrentCaller current, Idempotency idempotency, Accepted accepted) {
        this.images = images;
        this.layers = layers;
        this.current = current;
        this.idempotency = idempotency;
        this.accepted = accepted;
    }

    /**
     * Where to push.
     *
     * @param reference registry, repository and tag
     */
    public record PushRequest(String reference) {}

    @GET
    @Path("/images/{image}/layers")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Layers of an OCI image, lowest first, with their sizes and who shares them")
    public List<ImageLayers.Layer> layers(String image) {
        return layers.layers(images.requireReady(image));
    }

    @POST
    @Path("/images/{image}/actions/pull")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Pull an image's tag again; instances keep the image that they were made of")
    public Response pull(
            String image,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        Image found = images.requireReady(image);
        OperationView operation =
                idempotency.once(current.get(), key, "pull " + found.id(), () -> layers.pull(found, current.get()));
        return accepted.of(operation, wait);
    }

    @POST
    @Path("/images/{image}/actions/push")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Push an OCI image to a registry")
    public Response push(
            String image,
            PushRequest request,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        Image found = images.requireReady(image);
        OperationView operation = idempotency.once(
                current.get(),
                key,
                "push " + found.id() + " " + request.reference(),
                () -> layers.push(found, request.reference(), current.get()));
        return accepted.of(operation, wait);
    }

    @GET
    @Path("/images/{image}/export")
    @RolesAllowed(Roles.OPERATOR)
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "Download an OCI image as one archive: format oci (image layout) or docker (docker save)")
    public Response export(String image, @QueryParam("format") @DefaultValue("oci") String format) {
        LayerStore.ArchiveFormat wanted =
                switch (format) {
                    case "oci" -> LayerStore.ArchiveFormat.OCI;
                    case "docker" -> LayerStore.ArchiveFormat.DOCKER;
                    default -> throw BerthException.invalid("?format", "format is oci or docker.");
                };
        Image found = images.requireReady(image);
        UUID export = layers.export(found, wanted);
        StreamingOutput body = out -> {
            try {
                long offset = 0;
                boolean last = false;
                while (!last) {
                    StoredImage.Chunk chunk = layers.read(found, export, offset, CHUNK);
                    out.write(chunk.data());
                    offset += chunk.data().length;
                    last = chunk.last();
                }
            } finally {
                layers.drop(found, export);
            }
        };
        return Response.ok(body)
                .header("Content-Disposition", "attachment; filename=\"" + found.name() + "." + format + ".tar\"")
                .build();
    }

    @POST
    @Path("/layers/actions/collect-garbage")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Remove layers that no image has; dryRun=true only tells which")
    public List<ImageLayers.Collected> collectGarbage(
            @QueryParam("dryRun") @DefaultValue("false") boolean dryRun, @QueryParam("node") @Nullable String node) {
        return layers.collectGarbage(node, dryRun);
    }
}
