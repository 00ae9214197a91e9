package dev.berth.access.rest;

import dev.berth.access.Caller;
import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.access.Tokens;
import dev.berth.rest.ListQuery;
import dev.berth.rest.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** API tokens; everybody manages their own, admins all. */
@Path("/api/v1/tokens")
@RolesAllowed(Roles.VIEWER)
@Tag(name = "access")
public class TokenResource {
    private final Tokens tokens;
    private final CurrentCaller current;

    TokenResource(Tokens tokens, CurrentCaller current) {
        this.tokens = tokens;
        this.current = current;
    }

    /** A token to be issued; the role is the caller's own unless a lesser one is named. */
    public record NewToken(
            String name, @Nullable String role, @Nullable Instant expiresAt) {}

    @GET
    @Operation(summary = "List tokens, without their secrets")
    public Page<Tokens.Token> list(@BeanParam ListQuery query) {
        return query.page(tokens.list(current.get()), token -> token.id().toString());
    }

    @POST
    @APIResponse(
            responseCode = "201",
            description = "It was made.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Tokens.Issued.class)))
    @Operation(summary = "Issue a token; its secret is shown this once")
    public Response issue(NewToken request) {
        Caller caller = current.get();
        String role = request.role() == null ? caller.role() : request.role();
        Tokens.Issued issued = tokens.issue(request.name(), role, request.expiresAt(), caller);
        return Response.created(URI.create("/api/v1/tokens/" + issued.token().id()))
                .header("Cache-Control", "no-store")
                .entity(issued)
                .build();
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Revoke a token")
    public void revoke(UUID id) {
        tokens.revoke(id, current.get());
    }
}
