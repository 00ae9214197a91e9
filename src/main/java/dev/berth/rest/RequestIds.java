package dev.berth.rest;

import dev.berth.kernel.Uuids;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Gives every request an id, and every response the headers that keep browsers out of trouble. */
@ApplicationScoped
class RequestIds {
    private static final String KEY = "berth.requestId";
    private static final String CONTENT_POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
            + " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
            + " connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    void register(@Observes Filters filters) {
        filters.register(
                context -> {
                    String id = Uuids.next().toString();
                    context.put(KEY, id);
                    context.response()
                            .putHeader("X-Request-Id", id)
                            .putHeader("X-Content-Type-Options", "nosniff")
                            .putHeader("X-Frame-Options", "DENY")
                            .putHeader("Referrer-Policy", "no-referrer")
                            .putHeader("Content-Security-Policy", CONTENT_POLICY);
                    context.next();
                },
                1000);
    }

    static String of(RoutingContext context) {
        String id = context.get(KEY);
        return id == null ? "" : id;
    }
}
