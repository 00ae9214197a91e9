package dev.berth.rest;

import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Answers what no resource answered below {@code /api}, before the pages of the UI take it for one of theirs. */
@ApplicationScoped
class UnknownPaths {
    /** Just before the servlet, which Quarkus registers with 10,000. */
    private static final int ORDER = 9_999;

    void register(@Observes Router router) {
        router.route("/api/*").order(ORDER).handler(UnknownPaths::answer);
    }

    private static void answer(RoutingContext context) {
        Problem problem = Problem.of(
                BerthException.of(
                        ErrorCode.NOT_FOUND, "There is nothing at this address; /api/v1/openapi lists all addresses."),
                RequestIds.of(context));
        context.response()
                .setStatusCode(404)
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .end(BerthJson.mapper().valueToTree(problem).toString());
    }
}
