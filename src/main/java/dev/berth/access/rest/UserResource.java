package dev.berth.access.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.access.User;
import dev.berth.access.Users;
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
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Local users. */
@Path("/api/v1/users")
@RolesAllowed(Roles.ADMIN)
@Tag(name = "access")
public class UserResource {
    private final Users users;
    private final CurrentCaller current;

    UserResource(Users users, CurrentCaller current) {
        this.users = users;
        this.current = current;
    }

    /** A user to be made; the role is viewer, operator or admin. */
    public record NewUser(
            String name, String password, @Nullable String role) {}

    /** What to change; absent fields stay. */
    public record UserChange(
            @Nullable String password,
            @Nullable String role,
            @Nullable Boolean disabled) {}

    @GET
    @Operation(summary = "List users")
    public Page<User> list(@BeanParam ListQuery query) {
        return query.page(users.list(), user -> user.id().toString());
    }

    @POST
    @APIResponse(
            responseCode = "201",
            description = "It was made.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = User.class)))
    @Operation(summary = "Make a user")
    public Response create(NewUser request) {
        String role = request.role() == null ? Roles.OPERATOR : request.role();
        User user = users.create(request.name(), request.password(), role, current.get());
        return Etags.tagged(Response.created(URI.create("/api/v1/users/" + user.id())), user.version())
                .entity(user)
                .build();
    }

    @GET
    @Path("/{id}")
    @APIResponse(
            responseCode = "200",
            description = "As it is now.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = User.class)))
    @Operation(summary = "One user")
    public Response get(UUID id) {
        User user = users.require(id);
        return Etags.tagged(Response.ok(user), user.version()).build();
    }

    @PATCH
    @Path("/{id}")
    @APIResponse(
            responseCode = "200",
            description = "As it is now.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = User.class)))
    @Operation(summary = "Change password, role or whether the user may log in")
    public Response change(UUID id, @HeaderParam("If-Match") @Nullable String ifMatch, UserChange change) {
        Etags.check(ifMatch, users.require(id).version());
        User user =
                users.change(id, new Users.Change(change.password(), change.role(), change.disabled()), current.get());
        return Etags.tagged(Response.ok(user), user.version()).build();
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Remove a user, its sessions and tokens")
    public void delete(UUID id, @HeaderParam("If-Match") @Nullable String ifMatch) {
        Etags.check(ifMatch, users.require(id).version());
        users.delete(id, current.get());
    }
}
