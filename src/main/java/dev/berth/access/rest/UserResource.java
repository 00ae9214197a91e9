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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
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
    @Operation(summary = "Make a user")
    public RestResponse<User> create(NewUser request) {
        String role = request.role() == null ? Roles.OPERATOR : request.role();
        User user = users.create(request.name(), request.password(), role, current.get());
        return Etags.made("users", user.id(), user);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One user")
    public RestResponse<User> get(UUID id) {
        return Etags.shown(users.require(id));
    }

    @PATCH
    @Path("/{id}")
    @Operation(summary = "Change password, role or whether the user may log in")
    public RestResponse<User> change(UUID id, @HeaderParam("If-Match") @Nullable String ifMatch, UserChange change) {
        User user = Etags.seen(ifMatch, users.require(id));
        Users.Change wanted = new Users.Change(change.password(), change.role(), change.disabled());
        return Etags.shown(users.change(user.id(), wanted, current.get()));
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Remove a user, its sessions and tokens")
    public void delete(UUID id, @HeaderParam("If-Match") @Nullable String ifMatch) {
        users.delete(Etags.seen(ifMatch, users.require(id)).id(), current.get());
    }
}
