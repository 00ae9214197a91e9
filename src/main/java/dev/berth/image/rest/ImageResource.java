package dev.berth.image.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.driver.ImageSource;
import dev.berth.driver.LayerStore;
import dev.berth.image.Catalogue;
import dev.berth.image.Image;
import dev.berth.image.ImageLayers;
import dev.berth.image.ImageSources;
import dev.berth.image.Images;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ResourceName;
import dev.berth.rest.Accepted;
import dev.berth.rest.Download;
import dev.berth.rest.Etags;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import io.smallrye.common.annotation.Blocking;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Images. */
@Blocking
@Path("/api/v1/images")
@Tag(name = "images")
public class ImageResource {
    private static final int CHUNK = 1 << 20;
    private final Images images;
    private final ImageLayers layers;
    private final ImageSources sources;
    private final Catalogue catalogue;
    private final CurrentCaller current;
    private final Accepted accepted;

    ImageResource(
            Images images,
            ImageLayers layers,
            ImageSources sources,
            Catalogue catalogue,
            CurrentCaller current,
            Accepted accepted) {
        this.images = images;
        this.layers = layers;
        this.sources = sources;
        this.catalogue = catalogue;
        this.current = current;
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
    public CompletionStage<Response> create(
            NewImage request,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @QueryParam("wait") @Nullable String wait) {
        return accepted.once(
                new Accepted.Once(key, wait, "image", request),
                caller ->
                        images.importImage(request.name(), source(request), request.sha256(), request.node(), caller));
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
    @Operation(summary = "One image, by id or name")
    public RestResponse<Image> get(String image) {
        return Etags.shown(images.require(image));
    }

    @GET
    @Path("/{image}/content")
    @RolesAllowed(Roles.OPERATOR)
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "Download an image's file")
    public Response content(String image) {
        Image found = images.requireReady(image);
        String format = found.ref().format().name().toLowerCase(Locale.ROOT);
        return Download.of(found.name() + "." + format, offset -> images.read(found, offset, CHUNK), () -> {});
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
        return Download.of(
                found.name() + "." + format + ".tar",
                offset -> layers.read(found, export, offset, CHUNK),
                () -> layers.drop(found, export));
    }

    @DELETE
    @Path("/{image}")
    @RolesAllowed(Roles.OPERATOR)
    @Operation(summary = "Remove an image that no instance uses")
    public CompletionStage<Response> delete(
            String image,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @QueryParam("wait") @Nullable String wait) {
        Accepted.wait(wait);
        Image found = Etags.seen(ifMatch, images.require(image));
        return accepted.of(images.delete(found, current.get()), wait);
    }
}
