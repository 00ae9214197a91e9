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
 * @param exit how its process ended last; containers only, null while none has ended
 * @param health what its health check says, or null without one
 * @param startedAt when it last began to run; null when stopped or unknown
 */
public record ObservedState(
        UUID id,
        RunState state,
        @Nullable String reason,
        List<Ipv4> addresses,
        @Nullable Exit exit,
        @Nullable Health health,
        @Nullable Instant startedAt,
        Instant observedAt) {
    public ObservedState {
        addresses = List.copyOf(addresses);
    }

    /**
     * How a process ended.
     *
     * @param code 0 to 255; 128 and the signal's number if a signal ended it
     * @param outOfMemory whether the kernel killed something in it for want of memory
     * @param outOfProcesses whether it failed and had come up against its limit of processes
     * @param restarts how often it has been restarted in a row since
     */
    public record Exit(
            int code,
            boolean outOfMemory,
            boolean outOfProcesses,
            @Nullable String reason,
            Instant at,
            int restarts) {}

    /** What a health check says. */
    public enum Health {
        STARTING,
        HEALTHY,
        UNHEALTHY
    }

    /** A state without exit and health, as virtual machines have. */
    public static ObservedState of(
            UUID id,
            RunState state,
            @Nullable String reason,
            List<Ipv4> addresses,
            @Nullable Instant startedAt,
            Instant observedAt) {
        return new ObservedState(id, state, reason, addresses, null, null, startedAt, observedAt);
    }
}
