package dev.berth.console.rest;

import dev.berth.access.CurrentCaller;
import dev.berth.access.Roles;
import dev.berth.console.ConsoleSession;
import dev.berth.console.ConsoleSessions;
import dev.berth.console.ConsoleTicket;
import dev.berth.driver.ConsoleKind;
import dev.berth.instance.Instances;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Consoles of an instance: ask for a ticket here, then open the WebSocket that it names. */
@Path("/api/v1/projects/{project}/instances/{instance}/consoles")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "consoles")
public class ConsoleResource {
    private final Instances instances;
    private final ConsoleSessions sessions;
    private final CurrentCaller current;

    ConsoleResource(Instances instances, ConsoleSessions sessions, CurrentCaller current) {
        this.instances = instances;
        this.sessions = sessions;
        this.current = current;
    }

    /** The console that is wanted. */
    public record NewConsole(ConsoleKind type) {}

    @POST
    @APIResponse(
            responseCode = "201",
            description = "It was made.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ConsoleTicket.class)))
    @Operation(
            summary = "A ticket for a console",
            description =
                    "Open the url as a WebSocket with the subprotocols berth.console.v1 and ticket.<ticket>, within 30"
                            + " seconds and once. Binary frames are data, text frames are JSON control.")
    public Response open(String project, String instance, NewConsole request) {
        ConsoleTicket ticket = sessions.open(instances.require(project, instance), request.type(), current.get());
        return Response.created(URI.create(ticket.url()))
                .header("Cache-Control", "no-store")
                .entity(ticket)
                .build();
    }

    @GET
    @Operation(summary = "Consoles that are open now")
    public Page<ConsoleSession> list(String project, String instance, @BeanParam ListQuery query) {
        return query.page(sessions.list(instances.require(project, instance).id()), session -> session.id()
                .toString());
    }

    @DELETE
    @Path("/{session}")
    @Operation(summary = "Close an open console")
    public void close(String project, String instance, UUID session) {
        sessions.close(instances.require(project, instance).id(), session);
    }
}
