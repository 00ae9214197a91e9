package dev.berth.driver;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which log records are wanted, oldest first.
 *
 * @param since not older than this, or null
 * @param tail at most so many of the newest; zero for all, up to 100,000
 * @param stream only of this stream, or null for both
 */
public record LogQuery(@Nullable Instant since, int tail, LogRecord.@Nullable Stream stream) {}
