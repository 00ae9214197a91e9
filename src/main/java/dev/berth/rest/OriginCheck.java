package dev.berth.rest;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lets a WebSocket begin only from a page of this very server: {@code Origin} has to name the {@code Host} that was asked
 * for, or one that {@code berth.http.allowed-origins} lists. Console sockets and Vaadin's push alike.
 */
@ApplicationScoped
class OriginCheck {
    private final List<String> allowed;

    OriginCheck(HttpSettings settings) {
        this.allowed = settings.allowedOrigins().orElse(List.of());
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, 900);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        String upgrade = request.getHeader("Upgrade");
        if (upgrade == null
                || !upgrade.toLowerCase(Locale.ROOT).contains("websocket")
                || good(request.getHeader("Origin"), request.getHeader("Host"))) {
            context.next();
            return;
        }
        ProblemResponse.send(
                context,
                BerthException.of(
                        ErrorCode.ORIGIN_REFUSED,
                        "A WebSocket may only be opened by a page of this server; add other origins to"
                                + " berth.http.allowed-origins."));
    }

    boolean good(@Nullable String origin, @Nullable String host) {
        if (origin == null || host == null) {
            return false;
        }
        return allowed.contains(origin) || host.equalsIgnoreCase(authority(origin));
    }

    private static @Nullable String authority(String origin) {
        try {
            return URI.create(origin).getRawAuthority();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
