package dev.berth.image.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.image.ImageRegistry;
import dev.berth.image.Registries;
import dev.berth.rest.Etags;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Registries of OCI images, and their logins. */
@Path("/api/v1/registries")
@Tag(name = "images")
public class RegistryResource {
    private final Registries registries;
    private final CurrentCaller current;

    RegistryResource(Registries registries, CurrentCaller current) {
        this.registries = registries;
        this.current = current;
    }

    /**
     * A registry to be described.
     *
     * @param host as references name it: {@code registry.example:5000}; {@code docker.io} is Docker Hub
     * @param username who logs in; goes with the password
     * @param password kept encrypted, and never shown again
     * @param plainHttp whether it is talked to without TLS, passwords included; false by default
     * @param allowPrivate whether it may be at a private or loopback address; false by default
     */
    public record NewRegistry(
            String host,
            @Nullable String username,
            @Nullable String password,
            @Nullable Boolean plainHttp,
            @Nullable Boolean allowPrivate) {
        @Override
        public String toString() {
            return "registry " + host;
        }
    }

    /**
     * What to change; absent fields stay.
     *
     * @param username goes with the password; both empty for no login
     */
    public record RegistryChange(
            @Nullable String username,
            @Nullable String password,
            @Nullable Boolean plainHttp,
            @Nullable Boolean allowPrivate) {
        @Override
        public String toString() {
            return "change of a registry";
        }
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List registries")
    public Page<ImageRegistry> list(@BeanParam ListQuery query) {
        return query.page(registries.list(), registry -> registry.id().toString());
    }

    @POST
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Describe a registry: its login, and whether plain HTTP or private addresses are allowed")
    public RestResponse<ImageRegistry> create(NewRegistry request) {
        Registries.Change settings = new Registries.Change(
                request.username(), request.password(), request.plainHttp(), request.allowPrivate());
        ImageRegistry made = registries.create(request.host(), settings, current.get());
        return Etags.made("registries", made.id(), made);
    }

    @GET
    @Path("/{registry}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "One registry, by id or host")
    public RestResponse<ImageRegistry> get(String registry) {
        return Etags.shown(registries.require(registry));
    }

    @PATCH
    @Path("/{registry}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Change a registry's login or how it is reached")
    public RestResponse<ImageRegistry> change(
            String registry, @HeaderParam("If-Match") @Nullable String ifMatch, RegistryChange change) {
        ImageRegistry found = Etags.seen(ifMatch, registries.require(registry));
        Registries.Change settings =
                new Registries.Change(change.username(), change.password(), change.plainHttp(), change.allowPrivate());
        return Etags.shown(registries.change(found, settings, current.get()));
    }

    @DELETE
    @Path("/{registry}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(summary = "Forget a registry and its login; its images stay")
    public void delete(String registry, @HeaderParam("If-Match") @Nullable String ifMatch) {
        registries.delete(Etags.seen(ifMatch, registries.require(registry)), current.get());
    }
}
