package dev.berth.driver;

import dev.berth.kernel.Ipv4;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a driver saw of one instance.
 *
 * @param reason why it is in this state, for people (for example {@code guest panicked}), or null
 * @param addresses addresses that the guest holds, by lease or guest agent
 * @param startedAt when it last began to run; null when stopped or unknown
 */
public record ObservedState(
        UUID id,
        RunState state,
        @Nullable String reason,
        List<Ipv4> addresses,
        @Nullable Instant startedAt,
        Instant observedAt) {
    public ObservedState {
        addresses = List.copyOf(addresses);
    }
}
