package dev.berth.instance.ui;

import dev.berth.access.Roles;
import dev.berth.driver.InstanceKind;
import dev.berth.instance.InstanceActions;
import dev.berth.instance.InstanceView;
import dev.berth.instance.InstanceView.State;
import dev.berth.instance.Power;
import dev.berth.ui.Badge;
import dev.berth.ui.ConfirmByName;
import dev.berth.ui.Formats;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What a viewer can do with an instance, and why not. */
final class Verbs {
    private static final int SHUTDOWN_SECONDS = 60;
    private static final Set<State> STOPPED = Set.of(State.STOPPED, State.CRASHED);
    private static final Set<State> UP = Set.of(State.RUNNING, State.PAUSED);
    private final InstanceActions actions;

    Verbs(InstanceActions actions) {
        this.actions = actions;
    }

    /** Empty if the viewer may do something with an instance in one of these states. */
    static String whyNot(InstanceView instance, Set<State> allowed, String otherwise) {
        if (!Viewer.may(Roles.OPERATOR)) {
            return "needs the role operator";
        }
        return allowed.contains(instance.state()) ? "" : "it is " + Formats.word(instance.state()) + "; " + otherwise;
    }

    static String whyNotStart(InstanceView instance) {
        return whyNot(instance, STOPPED, "only a stopped instance can be started");
    }

    static String whyNotStop(InstanceView instance) {
        return whyNot(instance, UP, "only a running instance can be stopped");
    }

    static String whyNotChange(InstanceView instance) {
        return whyNot(
                instance, Set.of(State.STOPPED, State.CRASHED, State.RUNNING, State.PAUSED), "wait until it is ready");
    }

    static String whyNotWhileRunning(InstanceView instance, String what) {
        return whyNot(instance, STOPPED, "stop it before you " + what + " it");
    }

    static String whyNotWhileStopped(InstanceView instance) {
        return whyNot(instance, Set.of(State.RUNNING), "start it first");
    }

    static String whyNotReset(InstanceView instance) {
        return instance.kind() == InstanceKind.CONTAINER
                ? "a container has no reset button; shut it down and start it"
                : whyNotWhileStopped(instance);
    }

    static String whyNotConsole(InstanceView instance) {
        return whyNot(instance, UP, "start it to open a console");
    }

    static String whyNotDelete(InstanceView instance) {
        if (instance.deletionProtection()) {
            return "it is protected from deletion; its "
                    + (instance.kind() == InstanceKind.VM ? "hardware" : "limits")
                    + " tab takes that off";
        }
        return whyNot(
                instance,
                Set.of(State.STOPPED, State.CRASHED, State.RUNNING, State.PAUSED, State.MISSING, State.UNKNOWN),
                "wait until it is ready");
    }

    void confirmDelete(InstanceView instance) {
        String running = UP.contains(instance.state()) ? " It is running and will be cut off." : "";
        new ConfirmByName(
                        "Delete " + instance.name(),
                        "Its disks and snapshots are removed for good." + running,
                        instance.name(),
                        () -> actions.delete(
                                instance, true, false, Viewer.current().caller()))
                .open();
    }

    void power(InstanceView instance, Power verb) {
        actions.power(instance, verb, SHUTDOWN_SECONDS, true, Viewer.current().caller());
        Notices.info(instance.name() + ": " + Formats.word(verb));
    }

    static Badge.Tone tone(InstanceView instance) {
        return switch (instance.state()) {
            case RUNNING -> Badge.Tone.GOOD;
            case CREATING, DELETING -> Badge.Tone.BUSY;
            case PAUSED, UNKNOWN -> Badge.Tone.WARN;
            case CRASHED, MISSING -> Badge.Tone.BAD;
            case STOPPED -> Badge.Tone.PLAIN;
        };
    }

    /** What a viewer has to know before the rest, with what to do about it. */
    static List<String> notices(InstanceView instance) {
        List<String> notices = new ArrayList<>();
        if (instance.stale()) {
            notices.add("State of " + Formats.moment(instance.observedAt()) + ". "
                    + Objects.requireNonNullElse(instance.reason(), "")
                    + " What is asked for now is done when it answers again.");
        }
        if (instance.restartNeeded()) {
            String what = instance.kind() == InstanceKind.VM
                    ? "it gets the hardware that was changed"
                    : "what was changed holds";
            notices.add("Restart needed: shut it down and start it again, so that " + what + ".");
        }
        return notices;
    }

    static Badge badge(InstanceView instance) {
        Badge badge = new Badge(Formats.word(instance.state()), tone(instance));
        if (instance.stale()) {
            badge.addClassName("stale");
        }
        String reason = instance.reason();
        if (reason != null) {
            badge.setTitle(reason);
        }
        return badge;
    }
}
