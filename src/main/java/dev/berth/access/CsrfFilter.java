package dev.berth.access;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Demands the session's CSRF token in the header {@code X-Berth-CSRF} where a cookie authenticates a change. Requests with
 * a bearer token need none: a browser never adds that header by itself.
 */
class CsrfFilter {
    static final String HEADER = "X-Berth-CSRF";
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private final SecurityIdentity identity;

    CsrfFilter(SecurityIdentity identity) {
        this.identity = identity;
    }

    @ServerRequestFilter
    void check(ContainerRequestContext request) {
        if (SAFE.contains(request.getMethod())) {
            return;
        }
        @Nullable String expected = identity.getAttribute(CarriedSecretProvider.CSRF);
        if (expected == null) {
            return;
        }
        String sent = request.getHeaderString(HEADER);
        if (sent == null || !Secrets.same(expected, sent)) {
            throw BerthException.of(
                    ErrorCode.FORBIDDEN, "Send the header X-Berth-CSRF with the csrfToken of GET /api/v1/session.");
        }
    }
}
