package dev.berth.rest;

import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;

/** Where the request under way comes from. Forwarded headers count only where Quarkus is configured to trust a proxy. */
@RequestScoped
public class RequestAddress {
    private final RoutingContext context;

    RequestAddress(RoutingContext context) {
        this.context = context;
    }

    /** The peer's address as text. */
    public String get() {
        return String.valueOf(context.request().remoteAddress().hostAddress());
    }

    /** Whether it came by HTTPS. */
    public boolean secure() {
        return context.request().isSSL() || "https".equals(context.request().scheme());
    }
}
