package dev.berth.image.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.image.Uploads;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Uploads: declare the size, send the bytes in one or many parts, then import the upload as an image. */
@Path("/api/v1/uploads")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "images")
public class UploadResource {
    private final Uploads uploads;
    private final CurrentCaller current;

    UploadResource(Uploads uploads, CurrentCaller current) {
        this.uploads = uploads;
        this.current = current;
    }

    /** An upload to begin, with its size in bytes. */
    public record NewUpload(long size, @Nullable String node) {}

    @POST
    @APIResponse(
            responseCode = "201",
            description = "It was made.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Uploads.Upload.class)))
    @Operation(summary = "Begin an upload")
    public Response begin(NewUpload request) {
        Uploads.Upload upload = uploads.begin(request.size(), request.node(), current.get());
        return Response.created(URI.create("/api/v1/uploads/" + upload.id()))
                .entity(upload)
                .build();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "How much of an upload has arrived")
    public Uploads.Upload get(UUID id) {
        return uploads.get(id, current.get());
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Send bytes, beginning at an offset; curl -T FILE does")
    public Uploads.Upload append(UUID id, @QueryParam("offset") @DefaultValue("0") long offset, InputStream body)
            throws IOException {
        return uploads.append(id, offset, body, current.get());
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Drop an upload")
    public void drop(UUID id) {
        uploads.drop(id, current.get());
    }
}
