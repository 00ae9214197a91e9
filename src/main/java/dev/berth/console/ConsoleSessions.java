package dev.berth.console;

import dev.berth.access.Caller;
import dev.berth.access.Roles;
import dev.berth.access.Secrets;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.InstanceKind;
import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.instance.InstanceView;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Gives out tickets for consoles and knows which consoles are open. */
@ApplicationScoped
public class ConsoleSessions {
    private final ConsoleStore store;
    private final Outbox outbox;
    private final Clock clock;
    private final Duration ticketLife;

    ConsoleSessions(ConsoleStore store, Outbox outbox, Clock clock, ConsoleSettings settings) {
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
        this.ticketLife = settings.ticketLife();
    }

    /**
     * A ticket for a console of a running instance.
     *
     * @throws BerthException FORBIDDEN below operator, WRONG_STATE unless it runs or is paused, UNSUPPORTED for a type that
     *     its kind does not have
     */
    @Transactional
    public ConsoleTicket open(InstanceView instance, ConsoleKind type, Caller caller) {
        if (!caller.may(Roles.OPERATOR)) {
            throw BerthException.of(ErrorCode.FORBIDDEN, "Opening a console needs the role operator.");
        }
        if (instance.state() != InstanceView.State.RUNNING && instance.state() != InstanceView.State.PAUSED) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "'" + instance.name() + "' is " + instance.state().name().toLowerCase(Locale.ROOT)
                            + "; start it to open a console.");
        }
        if (!kinds(instance.kind()).contains(type)) {
            throw BerthException.of(
                    ErrorCode.UNSUPPORTED,
                    instance.kind() == InstanceKind.VM
                            ? "A virtual machine has the consoles serial and graphical."
                            : "A container has the consoles attach and shell.");
        }
        UUID id = Uuids.next();
        String ticket = Secrets.next();
        Instant now = clock.instant();
        store.dropOld(now);
        store.insert(id, instance.id(), type, ticket, caller, now, now.plus(ticketLife));
        return new ConsoleTicket(id, type, "/api/v1/consoles/" + id + "/stream", ticket, now.plus(ticketLife));
    }

    private static Set<ConsoleKind> kinds(InstanceKind kind) {
        return switch (kind) {
            case VM -> Set.of(ConsoleKind.SERIAL, ConsoleKind.GRAPHICAL);
            case CONTAINER -> Set.of(ConsoleKind.ATTACH, ConsoleKind.SHELL);
        };
    }

    /**
     * Takes a ticket; it never works again.
     *
     * @throws BerthException FORBIDDEN for every reason alike: unknown, used, expired, or another caller's
     */
    @Transactional
    OpenedSession redeem(UUID session, String ticket, Caller caller) {
        if (!caller.may(Roles.OPERATOR)) {
            throw refused();
        }
        OpenedSession opened =
                store.redeem(session, ticket, caller, clock.instant()).orElseThrow(ConsoleSessions::refused);
        announce("console.opened", opened);
        return opened;
    }

    /** Who asks without a good ticket learns nothing more. */
    static BerthException refused() {
        return BerthException.of(
                ErrorCode.FORBIDDEN, "The console ticket is wrong, used, expired or not yours; ask for a new one.");
    }

    @Transactional
    void ended(OpenedSession session) {
        store.close(session.id(), clock.instant());
        announce("console.closed", session);
    }

    /** Consoles of an instance that are open now. */
    public List<ConsoleSession> list(UUID instance) {
        return store.open(instance, clock.instant());
    }

    /** Ends an open console; its connection is closed within a few seconds, on whichever controller it is. */
    @Transactional
    public void close(UUID instance, UUID session) {
        boolean open = list(instance).stream().anyMatch(s -> s.id().equals(session));
        if (!open) {
            throw BerthException.notFound("console", session);
        }
        store.close(session, clock.instant());
    }

    private void announce(String type, OpenedSession session) {
        outbox.append(new NewEvent(
                type,
                store.project(session.instance()).orElse(null),
                new Subject("instance", session.instance(), session.instanceName()),
                session.caller().name(),
                Map.of(
                        "session",
                        session.id().toString(),
                        "type",
                        session.type().name().toLowerCase(Locale.ROOT))));
    }
}
