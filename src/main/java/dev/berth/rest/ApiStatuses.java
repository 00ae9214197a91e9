package dev.berth.rest;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** The statuses that an operation of the API really answers with, by what it takes and does. */
final class ApiStatuses {
    static final String PROBLEM = "Problem";
    private static final Map<Integer, String> MEANINGS = Map.ofEntries(
            Map.entry(400, "A value, a field or the body is wrong; errors names the place."),
            Map.entry(401, "No credentials, or they hold no longer."),
            Map.entry(403, "The role does not allow it, or a quota or a rule forbids it."),
            Map.entry(404, "There is no such thing."),
            Map.entry(406, "The answer does not come in that media type."),
            Map.entry(409, "The state of things does not allow it now, or the name is taken."),
            Map.entry(412, "It was changed since it was read."),
            Map.entry(413, "Too large."),
            Map.entry(415, "The body is not of the media type."),
            Map.entry(422, "The Idempotency-Key stands for another request, or the driver cannot do that."),
            Map.entry(428, "If-Match is missing."),
            Map.entry(429, "Too many failed tries; wait as Retry-After says."),
            Map.entry(500, "The node failed at it."),
            Map.entry(503, "The node or the database is away; try again."),
            Map.entry(504, "It took too long."),
            Map.entry(507, "There is no room, no address or no capacity left."));
    /** Creations that are done at once. */
    private static final Set<String> AT_ONCE =
            Set.of("/projects", "/users", "/registries", "/tokens", "/uploads", "/consoles");
    /** What looks into instances, which not every driver can. */
    private static final List<String> INSIDE = List.of(
            "/instances/{instance}/exec",
            "/instances/{instance}/processes",
            "/instances/{instance}/files",
            "/instances/{instance}/log",
            "POST /projects/{project}/instances/{instance}/consoles");
    /** Changes that no state forbids. */
    private static final List<String> ALWAYS = List.of(
            "POST /tokens",
            "DELETE /tokens/{id}",
            "POST /uploads",
            "DELETE /uploads/{id}",
            "POST /session",
            "DELETE /session",
            "DELETE /projects/{project}/instances/{instance}/consoles/{session}");

    private ApiStatuses() {}

    static APIResponse problem() {
        return OASFactory.createAPIResponse()
                .description("What is wrong, and what to do.")
                .content(json(Problem.MEDIA_TYPE, PROBLEM));
    }

    private static Content json(String mediaType, String schema) {
        return OASFactory.createContent()
                .addMediaType(
                        mediaType,
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref("#/components/schemas/" + schema)));
    }

    static void complete(PathItem.HttpMethod method, String path, Operation operation) {
        String name = method + " " + path.replaceFirst("/api/v1", "");
        APIResponses responses = operation.getResponses();
        succeed(method, path, operation, responses);
        for (int status : failures(method, name, operation)) {
            responses.addAPIResponse(
                    Integer.toString(status),
                    OASFactory.createAPIResponse()
                            .description(MEANINGS.get(status))
                            .content(json(Problem.MEDIA_TYPE, PROBLEM)));
        }
    }

    private static void succeed(PathItem.HttpMethod method, String path, Operation operation, APIResponses responses) {
        if (has(operation, "wait") && method != PathItem.HttpMethod.GET) {
            responses.addAPIResponse(
                    "200",
                    OASFactory.createAPIResponse()
                            .description("With ?wait: the operation, which has succeeded.")
                            .content(json("application/json", "OperationView")));
            responses.addAPIResponse(
                    "202",
                    OASFactory.createAPIResponse()
                            .description("The operation, which goes on.")
                            .addHeader(
                                    "Location",
                                    OASFactory.createHeader()
                                            .description("Address of the operation.")
                                            .schema(OASFactory.createSchema()
                                                    .addType(
                                                            org.eclipse.microprofile.openapi.models.media.Schema
                                                                    .SchemaType.STRING)))
                            .content(json("application/json", "OperationView")));
        } else if (method == PathItem.HttpMethod.POST && AT_ONCE.stream().anyMatch(path::endsWith)) {
            APIResponse shown = responses.getAPIResponse("200");
            responses.removeAPIResponse("200");
            if (responses.getAPIResponse("201") == null) {
                responses.addAPIResponse("201", shown.description("It was made."));
            }
        } else if (path.endsWith("/events/stream")) {
            responses.addAPIResponse(
                    "200",
                    OASFactory.createAPIResponse()
                            .description("Events as they happen; the name is the type, the id is the sequence.")
                            .content(json("text/event-stream", "Event")));
        } else if (method == PathItem.HttpMethod.DELETE && path.endsWith("/session")) {
            responses.removeAPIResponse("200");
            responses.addAPIResponse("204", OASFactory.createAPIResponse().description("Logged out."));
        }
    }

    private static Set<Integer> failures(PathItem.HttpMethod method, String name, Operation operation) {
        Set<Integer> statuses = new TreeSet<>(List.of(400, 503));
        boolean changes = method != PathItem.HttpMethod.GET;
        boolean body = operation.getRequestBody() != null;
        List<Integer> login = List.of(401, 403, 429);
        if (operation.getSecurity() != null && !operation.getSecurity().isEmpty()) {
            statuses.addAll(List.of(401, 403));
        } else if (changes) {
            statuses.addAll(login);
        }
        when(statuses, name.contains("{"), 404);
        when(statuses, changes && !ALWAYS.contains(name), 409);
        when(statuses, body, 413, 415);
        when(statuses, !changes, 406);
        when(statuses, has(operation, "If-Match"), 412);
        when(
                statuses,
                has(operation, "If-Match") && !name.equals("DELETE /projects/{project}/instances/{instance}"),
                428);
        when(statuses, has(operation, "Idempotency-Key"), 422);
        when(statuses, has(operation, "wait") && changes, 422, 500, 507);
        when(statuses, INSIDE.stream().anyMatch(name::contains), 422, 500);
        when(statuses, name.endsWith("/processes"), 409);
        when(statuses, name.endsWith("/exec"), 504);
        when(statuses, name.endsWith("/log") && name.contains("/instances/"), 507);
        return statuses;
    }

    private static void when(Set<Integer> statuses, boolean condition, Integer... more) {
        if (condition) {
            statuses.addAll(List.of(more));
        }
    }

    private static boolean has(Operation operation, String parameter) {
        List<Parameter> parameters = operation.getParameters();
        return parameters != null && parameters.stream().anyMatch(p -> parameter.equals(p.getName()));
    }
}
