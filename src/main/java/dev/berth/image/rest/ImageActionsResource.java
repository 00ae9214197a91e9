package dev.berth.image.rest;

import dev.berth.access.Roles;
import dev.berth.image.Image;
import dev.berth.image.ImageLayers;
import dev.berth.image.Images;
import dev.berth.rest.Accepted;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What can be done with an OCI image and a registry. */
@Blocking
@Path("/api/v1/images/{image}/actions")
@Tag(name = "images")
public class ImageActionsResource {
    private final Images images;
    private final ImageLayers layers;
    private final Accepted accepted;

    ImageActionsResource(Images images, ImageLayers layers, Accepted accepted) {
        this.images = images;
        this.layers = layers;
        this.accepted = accepted;
    }

    /**
     * Where to push.
     *
     * @param reference registry, repository and tag
     */
    public record PushRequest(String reference) {}

    @POST
    @Path("/pull")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Pull an image's tag again; instances keep the image that they were made of")
    public CompletionStage<Response> pull(
            String image,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        Image found = images.requireReady(image);
        return accepted.once(
                new Accepted.Once(key, wait, "pull " + found.id(), null), caller -> layers.pull(found, caller));
    }

    @POST
    @Path("/push")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Push an OCI image to a registry")
    public CompletionStage<Response> push(
            String image,
            PushRequest request,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        Image found = images.requireReady(image);
        return accepted.once(
                new Accepted.Once(key, wait, "push " + found.id(), request),
                caller -> layers.push(found, request.reference(), caller));
    }
}
