package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import java.time.Duration;
import java.time.Instant;

/** What the restart policy of a container says when its process has ended by itself. */
final class Restarts {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** A container that ran for so long counts as well, and the next restart as the first. */
    private static final Duration STEADY = Duration.ofSeconds(10);

    private static final int MOST_DOUBLINGS = 20;

    private Restarts() {}

    /**
     * Whether to start it again.
     *
     * @param before how often it has been restarted in a row
     */
    static boolean again(ContainerSpec.RestartPolicy policy, RunExit exit, int before) {
        return switch (policy.kind()) {
            case NO -> false;
            case ON_FAILURE -> exit.failed() && (policy.maxRetries() == 0 || before < policy.maxRetries());
            case ALWAYS, UNLESS_STOPPED -> true;
        };
    }

    /** How often it has been restarted in a row, as far as that matters now. */
    static int counted(int before, Instant started, Instant ended) {
        return Duration.between(started, ended).compareTo(STEADY) >= 0 ? 0 : before;
    }

    /** How long to wait before the restart after so many others. */
    static Duration delay(int before) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS));
        return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }
}
