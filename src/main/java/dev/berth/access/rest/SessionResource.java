package dev.berth.access.rest;

import dev.berth.access.Caller;
import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.access.Sessions;
import dev.berth.access.Setup;
import dev.berth.rest.RequestAddress;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** First set-up, login, logout and who one is. */
@Path("/api/v1")
@Tag(name = "access")
public class SessionResource {
    private final Sessions sessions;
    private final Setup setup;
    private final CurrentCaller current;
    private final RequestAddress address;

    SessionResource(Sessions sessions, Setup setup, CurrentCaller current, RequestAddress address) {
        this.sessions = sessions;
        this.setup = setup;
        this.current = current;
        this.address = address;
    }

    /** Whether the first admin has still to be made. */
    public record SetupState(boolean required) {}

    /** The first admin, with the code from {@code <state>/setup-code}. */
    public record SetupRequest(String code, String name, String password) {}

    /** A login. */
    public record LoginRequest(String name, String password) {}

    /** Who is logged in; {@code csrfToken} only for a browser session that has just begun or asks. */
    public record SessionState(
            UUID id,
            String name,
            String role,
            @Nullable String csrfToken,
            @Nullable Instant expiresAt) {}

    @GET
    @Path("/setup")
    @PermitAll
    @Operation(summary = "Whether the first set-up is still to be done")
    public SetupState setupState() {
        return new SetupState(setup.required());
    }

    @POST
    @Path("/setup")
    @PermitAll
    @APIResponse(
            responseCode = "200",
            description = "As it is now.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = SessionState.class)))
    @Operation(summary = "Make the first admin and log in")
    public Response completeSetup(SetupRequest request) {
        return loggedIn(setup.complete(request.code(), request.name(), request.password(), address.get()));
    }

    @POST
    @Path("/session")
    @PermitAll
    @APIResponse(
            responseCode = "200",
            description = "As it is now.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = SessionState.class)))
    @Operation(summary = "Log in; sets the session cookie")
    public Response login(@CookieParam(Sessions.COOKIE) @Nullable String cookie, LoginRequest request) {
        Sessions.Opened opened = sessions.login(request.name(), request.password(), address.get());
        if (cookie != null) {
            // The browser forgets the session of before; so does the server.
            sessions.logout(cookie);
        }
        return loggedIn(opened);
    }

    @GET
    @Path("/session")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Who I am; with a cookie also the CSRF token")
    public SessionState session(@CookieParam(Sessions.COOKIE) @Nullable String cookie) {
        Caller caller = current.get();
        if (caller.kind() == Caller.Kind.SESSION && cookie != null) {
            Sessions.Session session = sessions.find(cookie).orElseThrow();
            return new SessionState(caller.id(), caller.name(), caller.role(), session.csrf(), session.expiresAt());
        }
        return new SessionState(caller.id(), caller.name(), caller.role(), null, null);
    }

    @DELETE
    @Path("/session")
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "Log out")
    public Response logout(@CookieParam(Sessions.COOKIE) @Nullable String cookie) {
        if (cookie != null) {
            sessions.logout(cookie);
        }
        return Response.noContent().cookie(cookie("", 0)).build();
    }

    private Response loggedIn(Sessions.Opened opened) {
        SessionState state = new SessionState(
                opened.user().id(), opened.user().name(), opened.user().role(), opened.csrf(), opened.expiresAt());
        return Response.ok(state).cookie(cookie(opened.secret(), -1)).build();
    }

    private NewCookie cookie(String value, int maxAge) {
        return new NewCookie.Builder(Sessions.COOKIE)
                .value(value)
                .path("/")
                .httpOnly(true)
                .secure(address.secure())
                .sameSite(NewCookie.SameSite.STRICT)
                .maxAge(maxAge)
                .build();
    }
}
