package dev.berth.console;

import dev.berth.access.Roles;
import dev.berth.access.Sessions;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.Consoles;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.Logs;
import dev.berth.driver.RecordLogs;
import dev.berth.kernel.BerthException;
import dev.berth.node.Nodes;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The consoles that are open on this controller; ends those whose caller may not look any longer. */
@ApplicationScoped
class OpenConsoles {
    private static final Logger LOG = Logger.getLogger(OpenConsoles.class);
    private static final int SCROLLBACK = 64 * 1024;
    private static final int SCROLLBACK_RECORDS = 200;
    private static final int CHECK_SECONDS = 3;
    private static final short POLICY = 1008;
    private static final short RESTART = 1012;
    private final ConsoleSessions sessions;
    private final ConsoleStore store;
    private final Sessions logins;
    private final Nodes nodes;
    private final Clock clock;
    private final Map<UUID, ConsoleSocket> open = new ConcurrentHashMap<>();
    private final ScheduledExecutorService checks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("console-checks").factory());

    OpenConsoles(ConsoleSessions sessions, ConsoleStore store, Sessions logins, Nodes nodes, Clock clock) {
        this.sessions = sessions;
        this.store = store;
        this.logins = logins;
        this.nodes = nodes;
        this.clock = clock;
    }

    void start(@Observes Startup event) {
        checks.scheduleWithFixedDelay(this::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    void stop(@Observes Shutdown event) {
        checks.shutdownNow();
        open.values().forEach(console -> console.end("The panel restarts; reconnect in a moment.", RESTART));
    }

    int count() {
        return open.size();
    }

    /** Takes over a socket whose ticket was redeemed; on the socket's event loop. */
    void begin(OpenedSession session, ServerWebSocket socket, Context context) {
        ConsoleSocket console = new ConsoleSocket(session, socket, context, () -> ended(session));
        open.put(session.id(), console);
        console.begin(this::connect);
    }

    private ConsoleStream connect(ConsoleSocket console) {
        OpenedSession session = console.session();
        InstanceDriver driver = nodes.drivers(session.node()).instances(session.instanceKind());
        if (session.type() == ConsoleKind.SERIAL) {
            byte[] said = driver.capability(Logs.class)
                    .map(logs -> logs.tailLog(session.instance(), SCROLLBACK))
                    .orElse(new byte[0]);
            if (said.length > 0) {
                console.data(said);
            }
        }
        if (session.type() == ConsoleKind.ATTACH) {
            driver.capability(RecordLogs.class).ifPresent(logs -> replay(console, logs, session.instance()));
        }
        return driver.require(Consoles.class).openConsole(session.instance(), session.type(), console);
    }

    /** What the process wrote lately, so that nobody who attaches sees an empty screen. */
    private static void replay(ConsoleSocket console, RecordLogs logs, UUID instance) {
        for (LogRecord record : logs.readLog(instance, new LogQuery(null, SCROLLBACK_RECORDS, null))) {
            console.data((record.text() + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void ended(OpenedSession session) {
        open.remove(session.id());
        try {
            sessions.ended(session);
        } catch (RuntimeException e) {
            // Its row goes stale by itself.
            LOG.debugf(e, "could not record the end of console %s", session.id());
        }
    }

    private void check() {
        try {
            if (open.isEmpty()) {
                return;
            }
            Set<UUID> wanted = store.touch(open.keySet(), clock.instant());
            for (ConsoleSocket console : open.values()) {
                if (!wanted.contains(console.session().id())) {
                    console.end("The console was closed by an operator.", POLICY);
                } else if (!logins.stillGood(console.session().caller(), Roles.OPERATOR)) {
                    console.end("You are logged out or may not use this console any longer.", POLICY);
                }
            }
        } catch (BerthException e) {
            // Without the database nobody's permission can have changed; the next round asks again.
            LOG.debugf(e, "consoles could not be checked");
        } catch (RuntimeException e) {
            LOG.warnf(e, "consoles could not be checked");
        }
    }
}
