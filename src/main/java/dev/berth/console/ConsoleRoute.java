package dev.berth.console;

import dev.berth.access.Caller;
import dev.berth.access.CurrentCaller;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import dev.berth.rest.ProblemResponse;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * The door of console sockets: the caller has to be logged in (cookie or token), at least an operator, and hold a good
 * ticket. Everything else is refused before the upgrade, with a problem.
 */
@ApplicationScoped
class ConsoleRoute implements HttpServerOptionsCustomizer {
    private static final Logger LOG = Logger.getLogger(ConsoleRoute.class);
    private static final String PATH = "/api/v1/consoles/:session/stream";
    private final ConsoleSessions sessions;
    private final OpenConsoles consoles;
    private final IdentityProviderManager identities;

    ConsoleRoute(ConsoleSessions sessions, OpenConsoles consoles, IdentityProviderManager identities) {
        this.sessions = sessions;
        this.consoles = consoles;
        this.identities = identities;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.addWebSocketSubProtocol(ConsoleProtocol.NAME);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.addWebSocketSubProtocol(ConsoleProtocol.NAME);
    }

    void register(@Observes Router router) {
        router.get(PATH).order(-1).handler(this::upgrade);
    }

    private void upgrade(RoutingContext context) {
        if (context.request().getHeader("Upgrade") == null) {
            ProblemResponse.send(
                    context, BerthException.of(ErrorCode.INVALID_ARGUMENT, "Open this address as a WebSocket."));
            return;
        }
        context.request().pause();
        // A bad token is answered here, with a problem, and not by the framework.
        BiConsumer<RoutingContext, Throwable> ours = (same, failure) -> {};
        context.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, ours);
        Context loop = Vertx.currentContext();
        QuarkusHttpUser.getSecurityIdentity(context, identities)
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(identity -> redeem(context, identity))
                .emitOn(task -> loop.runOnContext(v -> task.run()))
                .subscribe()
                .with(session -> accept(context, session, loop), e -> loop.runOnContext(v -> refuse(context, e)));
    }

    private OpenedSession redeem(RoutingContext context, SecurityIdentity identity) {
        Caller caller = CurrentCaller.of(identity)
                .orElseThrow(() -> BerthException.of(ErrorCode.UNAUTHENTICATED, "Log in or send a token."));
        UUID session = Uuids.parse(context.pathParam("session")).orElseThrow(ConsoleSessions::refused);
        String ticket = ConsoleProtocol.ticket(context.request().getHeader("Sec-WebSocket-Protocol"))
                .orElseThrow(ConsoleSessions::refused);
        return sessions.redeem(session, ticket, caller);
    }

    private void accept(RoutingContext context, OpenedSession session, Context loop) {
        context.request()
                .toWebSocket()
                .onSuccess(socket -> consoles.begin(session, socket, loop))
                .onFailure(e -> LOG.debugf("console %s: the upgrade failed: %s", session.id(), e.getMessage()));
    }

    private static void refuse(RoutingContext context, Throwable e) {
        context.request().resume();
        BerthException reason =
                switch (e) {
                    case BerthException known -> known;
                    case AuthenticationFailedException bad ->
                        BerthException.of(ErrorCode.UNAUTHENTICATED, "The token is unknown, revoked or expired.");
                    default -> {
                        LOG.error("opening a console failed", e);
                        yield BerthException.of(
                                ErrorCode.INTERNAL, "An unexpected error occurred; see the server's log.", e);
                    }
                };
        ProblemResponse.send(context, reason);
    }
}
