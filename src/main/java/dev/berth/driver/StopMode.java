package dev.berth.driver;

/** How to end a running instance. */
public enum StopMode {
    /** Ask the guest (ACPI power button, SIGPWR); fails with DEADLINE_EXCEEDED if it does not comply in time. */
    GRACEFUL,
    /** Ask the guest; end it by force when the time is over. */
    GRACEFUL_THEN_FORCE,
    /** Cut the power. */
    FORCE
}
