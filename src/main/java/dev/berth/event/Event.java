package dev.berth.event;

import dev.berth.kernel.Subject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recorded fact.
 *
 * @param sequence position in the feed; strictly growing for readers, with gaps
 */
public record Event(
        long sequence,
        String type,
        @Nullable UUID project,
        Subject subject,
        String actor,
        Instant at,
        Map<String, Object> data) {}
