package dev.berth.instance.ui;

import dev.berth.driver.ObservedState;
import dev.berth.instance.InstanceView;
import dev.berth.ui.Badge;
import dev.berth.ui.Formats;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a container does beyond its state: what its health check says, and how its process ended. */
final class Wellbeing {
    private Wellbeing() {}

    static Badge.Tone tone(ObservedState.Health health) {
        return switch (health) {
            case STARTING -> Badge.Tone.BUSY;
            case HEALTHY -> Badge.Tone.GOOD;
            case UNHEALTHY -> Badge.Tone.BAD;
        };
    }

    /** What the health check of a running container says; empty without one. */
    static ObservedState.@Nullable Health health(InstanceView instance) {
        return instance.state() == InstanceView.State.RUNNING ? instance.health() : null;
    }

    static Optional<Badge> healthBadge(InstanceView instance) {
        return Optional.ofNullable(health(instance)).map(health -> {
            Badge badge = new Badge(Formats.word(health), tone(health));
            badge.addClassName("health");
            badge.setTitle("What its health check says");
            return badge;
        });
    }

    /** How the process of a container that is not up ended, in a few words: {@code exit 3}; empty while it is up. */
    static String briefly(InstanceView instance) {
        InstanceView.Exit exit = instance.exit();
        boolean down = instance.state() == InstanceView.State.STOPPED || instance.state() == InstanceView.State.CRASHED;
        if (exit == null || !down) {
            return "";
        }
        return exit.oom() ? "out of memory" : exit.pids() ? "out of processes" : "exit " + exit.code();
    }

    /** The same in full: code, reason and time. */
    static String ending(InstanceView.Exit exit) {
        String reason = exit.reason();
        String code = "exit code " + exit.code();
        // "exited with code 3" would say it twice.
        boolean telling = reason != null && !reason.startsWith("exited with code");
        return code
                + (telling ? ", " + reason : exit.oom() ? ", out of memory" : exit.pids() ? ", out of processes" : "")
                + ", " + Formats.moment(exit.at());
    }
}
