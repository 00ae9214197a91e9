package dev.berth.driver;

import java.util.UUID;

/** Keeps what an instance said on its serial port, across its restarts, within a limit. */
public interface Logs extends DriverCapability {
    /** The last bytes of the log, at most {@code maxBytes} and never more than 4 MiB; empty if there are none. */
    byte[] tailLog(UUID id, int maxBytes);
}
