package dev.berth.driver;

import java.util.UUID;

/** Presses the reset button. */
public interface Resetting extends DriverCapability {
    /** Restarts the guest at once without asking it; WRONG_STATE unless it runs. */
    void reset(UUID id);
}
