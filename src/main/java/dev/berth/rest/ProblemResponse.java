package dev.berth.rest;

import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import io.vertx.ext.web.RoutingContext;

/** Sends a problem from a plain HTTP handler, outside of the REST resources: before a WebSocket begins, for example. */
public final class ProblemResponse {
    private ProblemResponse() {}

    public static void send(RoutingContext context, BerthException e) {
        send(context, Problem.of(e, RequestIds.of(context)));
    }

    static void send(RoutingContext context, Problem problem) {
        context.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .end(BerthJson.mapper().valueToTree(problem).toString());
    }
}
