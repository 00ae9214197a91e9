package dev.berth.rest;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.SortedSet;

/**
 * Answers what no resource answered below {@code /api}, before the pages of the UI take it for one of theirs. Where a servlet
 * is present, as Vaadin's is, the framework passes on a wrong method too, so that is told here.
 */
@ApplicationScoped
class UnknownPaths {
    /** Just before the servlet, which Quarkus registers with 10,000. */
    private static final int ORDER = 9_999;

    private final AllowedMethods allowed;

    UnknownPaths(AllowedMethods allowed) {
        this.allowed = allowed;
    }

    void register(@Observes Router router) {
        router.route("/api/*").order(ORDER).handler(this::answer);
    }

    private void answer(RoutingContext context) {
        SortedSet<String> methods = allowed.of(context.normalizedPath());
        if (methods.isEmpty() || methods.contains(context.request().method().name())) {
            ProblemResponse.send(
                    context,
                    BerthException.of(
                            ErrorCode.NOT_FOUND,
                            "There is nothing at this address; /api/v1/openapi.json lists all addresses."));
            return;
        }
        context.response().putHeader("Allow", String.join(", ", methods));
        ProblemResponse.send(context, FrameworkErrors.problem(405, RequestIds.of(context)));
    }
}
