package dev.berth.image.rest;

import dev.berth.access.Caller;
import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.driver.ImageSource;
import dev.berth.driver.LayerStore;
import dev.berth.driver.StoredImage;
import dev.berth.image.Catalogue;
import dev.berth.image.Image;
import dev.berth.image.ImageLayers;
import dev.berth.image.ImageSources;
import dev.berth.image.Images;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ResourceName;
import dev.berth.operation.OperationView;
import dev.berth.rest.Accepted;
import dev.berth.rest.Etags;
import dev.berth.rest.Idempotency;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Images. */
@Path("/api/v1/images")
@Tag(name = "images")
public class ImageResource {
    private static final int CHUNK = 1 << 20;
    private final Images images;
    private final ImageLayers layers;
    private final ImageSources sources;
    private final Catalogue catalogue;
    private final CurrentCaller current;
    private final Idempotency idempotency;
    private final Accepted accepted;

    ImageResource(
            Images images,
            ImageLayers layers,
            ImageSources sources,
            Catalogue catalogue,
            CurrentCaller current,
            Idempotency idempotency,
            Accepted accepted) {
        this.images = images;
        this.layers = layers;
        this.sources = sources;
        this.catalogue = catalogue;
        this.current = current;
        this.idempotency = idempotency;
        this.accepted = accepted;
    }

    /**
     * An image to be imported, from exactly one source.
     *
     * @param url http or https
     * @param upload id of a finished upload
     * @param recipe {@code tiny}, {@code debian-12}, {@code busybox} or {@code debian-12-system}, built on the node
     * @param catalogue name of an entry of the catalogue; a download is checked against the vendor's checksums
     * @param path a file on the node, below a directory that its agent allows
     * @param reference an image of a registry: {@code registry.example:5000/web/nginx:1.27} or {@code …@sha256:…}
     * @param platform of the image at that reference, for example {@code linux/arm64}; by default the node's own
     * @param sha256 expected digest of the bytes as they arrive
     */
    public record NewImage(
            ResourceName name,
            @Nullable String url,
            @Nullable UUID upload,
            @Nullable String recipe,
            @Nullable String catalogue,
            @Nullable String path,
            @Nullable String reference,
            @Nullable String platform,
            @Nullable String sha256,
            @Nullable String node) {}

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List images")
    public Page<Image> list(@BeanParam ListQuery query) {
        return query.page(images.list(), image -> image.id().toString());
    }

    @GET
    @Path("/catalogue")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Images that can be imported by a click")
    public List<Catalogue.Entry> catalogue() {
        return catalogue.entries();
    }

    @POST
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Import an image from a registry, a URL, an upload, a recipe or a file of the node")
    public Response create(
            NewImage request,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        Caller caller = current.get();
        OperationView operation = idempotency.once(
                caller,
                key,
                request,
                () -> images.importImage(request.name(), source(request), request.sha256(), request.node(), caller));
        return accepted.of(operation, wait);
    }

    private ImageSource source(NewImage request) {
        List<ImageSource> named = new ArrayList<>();
        if (request.url() != null) {
            named.add(sources.url(request.url()));
        }
        if (request.upload() != null) {
            named.add(new ImageSource.Upload(request.upload()));
        }
        if (request.recipe() != null) {
            named.add(new ImageSource.Recipe(request.recipe()));
        }
        if (request.catalogue() != null) {
            named.add(sources.entry(request.catalogue()));
        }
        if (request.path() != null) {
            named.add(new ImageSource.LocalFile(request.path()));
        }
        if (request.reference() != null) {
            named.add(sources.reference(request.reference(), request.platform()));
        } else if (request.platform() != null) {
            throw BerthException.invalid("/platform", "A platform goes with a reference only.");
        }
        if (named.size() != 1) {
            throw BerthException.invalid("", "Name exactly one of url, upload, recipe, catalogue, path and reference.");
        }
        return named.getFirst();
    }

    @GET
    @Path("/{image}")
    @RolesAllowed(Roles.VIEWER)
    @APIResponse(
            responseCode = "200",
            description = "As it is now.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Image.class)))
    @Operation(summary = "One image, by id or name")
    public Response get(String image) {
        Image found = images.require(image);
        return Etags.tagged(Response.ok(found), found.version()).build();
    }

    @GET
    @Path("/{image}/content")
    @RolesAllowed(Roles.OPERATOR)
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "Download an image's file")
    public Response content(String image) {
        Image found = images.requireReady(image);
        String format = found.ref().format().name().toLowerCase(Locale.ROOT);
        StreamingOutput body = out -> {
            long offset = 0;
            boolean last = false;
            while (!last) {
                StoredImage.Chunk chunk = images.read(found, offset, CHUNK);
                out.write(chunk.data());
                offset += chunk.data().length;
                last = chunk.last();
            }
        };
        return Response.ok(body)
                .header("Content-Disposition", "attachment; filename=\"" + found.name() + "." + format + "\"")
                .build();
    }

    @GET
    @Path("/{image}/layers")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Layers of an OCI image, lowest first, with their sizes and who shares them")
    public List<ImageLayers.Layer> layers(String image) {
        return layers.layers(images.requireReady(image));
    }

    @GET
    @Path("/{image}/export")
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

    @DELETE
    @Path("/{image}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Remove an image that no instance uses")
    public Response delete(
            String image,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        Image found = images.require(image);
        Etags.check(ifMatch, found.version());
        return accepted.of(images.delete(found, current.get()), wait);
    }
}
