package dev.berth.driver;

import java.util.UUID;

/** Opens consoles of running instances. */
public interface Consoles extends DriverCapability {
    /**
     * Connects to a console; WRONG_STATE unless it runs. Several clients may share one.
     *
     * @param output gets what the console says until the stream is closed by either side
     * @return where input goes
     */
    @Deadline(seconds = 0)
    ConsoleStream openConsole(UUID id, ConsoleKind kind, ConsoleOutput output);
}
