package dev.berth.event.rest;

import dev.berth.access.Roles;
import dev.berth.event.Event;
import dev.berth.event.EventFeed;
import dev.berth.kernel.BerthException;
import dev.berth.rest.Page;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The event feed: as a page of history, and live as server-sent events that resume where they broke off. */
@Path("/api/v1/events")
@RolesAllowed(Roles.VIEWER)
@Tag(name = "events")
public class EventResource {
    private final EventFeed feed;

    EventResource(EventFeed feed) {
        this.feed = feed;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Events after a sequence number, oldest first")
    public Page<Event> history(
            @QueryParam("after") @DefaultValue("0") long after, @QueryParam("limit") @DefaultValue("100") int limit) {
        if (limit < 1 || limit > 1000) {
            throw BerthException.invalid("?limit", "limit is between 1 and 1000.");
        }
        List<Event> events = feed.after(after, limit);
        return new Page<>(
                events,
                events.size() < limit ? null : Long.toString(events.getLast().sequence()));
    }

    @GET
    @Path("/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "Live events (SSE); resumes after Last-Event-ID",
            description = "An event named 'reset' says that older events are gone: read the state anew.")
    public Multi<OutboundSseEvent> stream(
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @QueryParam("type") @Nullable String typePrefix,
            @Context Sse sse) {
        return EventStream.open(feed, position(lastEventId), typePrefix == null ? "" : typePrefix, sse);
    }

    private long position(@Nullable String lastEventId) {
        if (lastEventId == null) {
            return feed.newest();
        }
        try {
            return Long.parseLong(lastEventId);
        } catch (NumberFormatException e) {
            throw BerthException.invalid("Last-Event-ID", "Last-Event-ID is the id of an event that was received.");
        }
    }
}
