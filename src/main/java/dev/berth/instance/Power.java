package dev.berth.instance;

/** What can be done with an instance's power; the words of {@code POST …/actions/{verb}}. */
public enum Power {
    START,
    /** Asks the guest, and cuts the power when the time is over and force is allowed. */
    SHUTDOWN,
    /** Cuts the power. */
    STOP,
    /** Shuts down and starts. */
    RESTART,
    RESET,
    PAUSE,
    RESUME;

    /** Whether the instance is meant to run afterwards. */
    boolean leavesRunning() {
        return switch (this) {
            case START, RESTART, RESET, PAUSE, RESUME -> true;
            case SHUTDOWN, STOP -> false;
        };
    }
}
