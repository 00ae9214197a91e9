package dev.berth.access;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Finds out who stands behind a token or a session cookie. A dead cookie is nobody; a dead token is a failure. */
@ApplicationScoped
class CarriedSecretProvider implements IdentityProvider<CookieOrTokenMechanism.Carried> {
    static final String CSRF = "berth.csrf";
    private final Tokens tokens;
    private final Sessions sessions;

    CarriedSecretProvider(Tokens tokens, Sessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    @Override
    public Class<CookieOrTokenMechanism.Carried> getRequestType() {
        return CookieOrTokenMechanism.Carried.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            CookieOrTokenMechanism.Carried request, AuthenticationRequestContext context) {
        return context.runBlocking(() -> request.cookie() ? bySession(request.secret()) : byToken(request.secret()));
    }

    private SecurityIdentity byToken(String secret) {
        return tokens.authenticate(secret)
                .map(caller -> identity(caller, Optional.empty()))
                .orElseThrow(() -> new AuthenticationFailedException("The token is unknown, revoked or expired."));
    }

    private SecurityIdentity bySession(String secret) {
        return sessions.find(secret)
                .map(session -> identity(session.caller(), Optional.of(session.csrf())))
                .orElseGet(() -> QuarkusSecurityIdentity.builder()
                        .setAnonymous(true)
                        .setPrincipal(new QuarkusPrincipal(""))
                        .build());
    }

    private static SecurityIdentity identity(Caller caller, Optional<String> csrf) {
        QuarkusSecurityIdentity.Builder builder = QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(caller.name()))
                .addRoles(Roles.containedIn(caller.role()))
                .addAttribute(CurrentCaller.ATTRIBUTE, caller);
        csrf.ifPresent(value -> builder.addAttribute(CSRF, value));
        return builder.build();
    }
}
