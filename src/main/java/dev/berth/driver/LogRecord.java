package dev.berth.driver;

import java.time.Instant;

/**
 * A line that an instance's process wrote.
 *
 * @param text without its line end; malformed UTF-8 replaced
 * @param partial whether the line was longer and goes on in the next record
 */
public record LogRecord(Instant at, Stream stream, String text, boolean partial) {
    /** Where it was written to. */
    public enum Stream {
        STDOUT,
        STDERR
    }
}
