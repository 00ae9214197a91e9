package dev.berth.instance.rest;

import dev.berth.access.Roles;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.BerthException;
import io.vertx.core.http.HttpServerResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What an instance said: a virtual machine on its serial port, a container's process on its output streams. */
@Path("/api/v1/projects/{project}/instances/{instance}/log")
@RolesAllowed(Roles.VIEWER)
@Tag(name = "instances")
public class LogResource {
    private static final int USUAL_BYTES = 65536;
    private static final int USUAL_TAIL = 1000;
    private final Instances instances;
    private final InstanceAccess access;

    LogResource(Instances instances, InstanceAccess access) {
        this.instances = instances;
        this.access = access;
    }

    /** Which records of a container's log are wanted. */
    public static class Records {
        @QueryParam("since")
        @Parameter(description = "Containers: not older than this, RFC 3339")
        @Nullable
        Instant since;

        @QueryParam("tail")
        @Parameter(description = "Containers: at most so many of the newest; 1000 by default, 0 for all")
        @Nullable
        Integer tail;

        @QueryParam("stream")
        @Parameter(description = "Containers: only stdout or stderr")
        @Nullable
        String stream;

        @QueryParam("follow")
        @DefaultValue("false")
        @Parameter(description = "Containers: go on with new records until the connection is closed")
        boolean follow;

        private boolean isEmpty() {
            return since == null && tail == null && stream == null && !follow;
        }

        private LogQuery query() {
            return new LogQuery(since, Objects.requireNonNullElse(tail, USUAL_TAIL), stream());
        }

        private LogRecord.@Nullable Stream stream() {
            String word = stream;
            if (word == null) {
                return null;
            }
            return switch (word) {
                case "stdout" -> LogRecord.Stream.STDOUT;
                case "stderr" -> LogRecord.Stream.STDERR;
                default -> throw BerthException.invalid("?stream", "stream is stdout or stderr.");
            };
        }
    }

    @GET
    @Produces({MediaType.TEXT_PLAIN, LogWriter.NDJSON, MediaType.SERVER_SENT_EVENTS})
    @APIResponse(
            responseCode = "200",
            description =
                    "The text; or, with Accept: application/x-ndjson, a container's records, one in a line; or, with"
                            + " Accept: text/event-stream, its records as server-sent events, which always follow"
                            + " (while the node is away, one event named unavailable, and the end).",
            content = {
                @Content(mediaType = "text/plain", schema = @Schema(implementation = String.class)),
                @Content(mediaType = LogWriter.NDJSON, schema = @Schema(implementation = LogRecord.class)),
                @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = LogRecord.class))
            })
    @Operation(summary = "The end of an instance's log")
    public Response log(
            String project,
            String instance,
            @QueryParam("bytes") @Nullable Integer bytes,
            @BeanParam Records records,
            @HeaderParam("Accept") @DefaultValue("") String accept,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Context HttpServerResponse response) {
        InstanceView found = instances.require(project, instance);
        boolean events = accept.contains(MediaType.SERVER_SENT_EVENTS);
        if (found.kind() == InstanceKind.VM && records.isEmpty() && !events) {
            byte[] said = instances.log(found.id(), Objects.requireNonNullElse(bytes, USUAL_BYTES));
            return Response.ok(said, MediaType.TEXT_PLAIN).build();
        }
        if (bytes != null) {
            throw BerthException.invalid("?bytes", "The log of a container is counted in records; give tail.");
        }
        if (events) {
            return events(found, records.query(), LogEvents.after(lastEventId), response);
        }
        LogWriter writer = accept.contains(LogWriter.NDJSON) ? new LogWriter.Json() : new LogWriter.Text();
        return records.follow
                ? follow(found, records.query(), writer, response)
                : Response.ok(writer.all(access.readLog(found, records.query())), writer.type())
                        .build();
    }

    private Response events(InstanceView found, LogQuery query, LogEvents writer, HttpServerResponse response) {
        Instant since = writer.since();
        LogQuery wanted = since == null ? query : new LogQuery(since, 0, query.stream());
        try {
            return follow(found, wanted, writer, response);
        } catch (BerthException e) {
            if (e.code().category().isTransient()) {
                return Response.ok(LogEvents.unavailable(e), writer.type()).build();
            }
            throw e;
        }
    }

    private Response follow(InstanceView found, LogQuery query, LogWriter writer, HttpServerResponse response) {
        // A refusal comes before the answer begins, and is a problem.
        access.readLog(found, new LogQuery(query.since(), 1, query.stream()));
        return Response.ok(new LogStream(access, found, query, writer, response), writer.type())
                .build();
    }
}
