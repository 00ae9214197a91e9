package dev.berth.access;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.BaseAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** Takes the secret from {@code Authorization: Bearer} or, where that is absent, from the session cookie. */
@ApplicationScoped
class CookieOrTokenMechanism implements HttpAuthenticationMechanism {
    private static final String BEARER = "bearer ";

    /** What the request carries. */
    static final class Carried extends BaseAuthenticationRequest {
        private final String secret;
        private final boolean cookie;

        Carried(String secret, boolean cookie) {
            this.secret = secret;
            this.cookie = cookie;
        }

        String secret() {
            return secret;
        }

        boolean cookie() {
            return cookie;
        }
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        String header = context.request().getHeader("Authorization");
        if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return identities.authenticate(
                    new Carried(header.substring(BEARER.length()).strip(), false));
        }
        Cookie cookie = context.request().getCookie(Sessions.COOKIE);
        if (cookie != null && !cookie.getValue().isEmpty()) {
            return identities.authenticate(new Carried(cookie.getValue(), true));
        }
        return Uni.createFrom().nullItem();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(Carried.class);
    }
}
