package dev.berth.driver;

import java.util.UUID;

/** Freezes and thaws a running instance. */
public interface Pausing extends DriverCapability {
    /** Freezes it; WRONG_STATE unless it runs or is paused already. */
    void pause(UUID id);

    /** Lets it run on; WRONG_STATE unless it is paused or runs already. */
    void resume(UUID id);
}
