package dev.berth.rest;

import dev.berth.kernel.Uuids;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Objects;

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
                    describeEmptyBody(context.request());
                    context.next();
                },
                1000);
    }

    /** No body is the same as an empty object, so it may come without a media type: {@code curl -X POST .../start}. */
    private static void describeEmptyBody(HttpServerRequest request) {
        MultiMap headers = request.headers();
        boolean empty = !headers.contains("Transfer-Encoding")
                && "0".equals(Objects.requireNonNullElse(headers.get("Content-Length"), "0"));
        if (empty && !HttpMethod.GET.equals(request.method()) && !headers.contains("Content-Type")) {
            headers.set("Content-Type", "application/json");
        }
    }

    static String of(RoutingContext context) {
        String id = context.get(KEY);
        return id == null ? "" : id;
    }
}
