package dev.berth.quota;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counts what projects use and holds them to their limits. All methods join the caller's transaction. */
public interface QuotaLedger {
    /**
     * Sets amounts aside for an operation; positive ones are checked against the limits.
     *
     * @throws dev.berth.kernel.BerthException QUOTA_EXCEEDED with details scope, resource, limit, used, reserved and
     *     requested
     */
    void reserve(UUID operation, UUID project, Amounts amounts);

    /** Turns an operation's reservation into use (negative amounts give back now). Success if there is none. */
    void commit(UUID operation);

    /** Drops an operation's reservation. Success if there is none. */
    void release(UUID operation);

    /** Gives back what a resource used. */
    void free(UUID project, Amounts amounts);

    List<Usage> usage(UUID project);

    /** Sets or, with null, lifts a limit; a limit below the present use is allowed and blocks growth only. */
    void limit(UUID project, Resource resource, @Nullable Long limit);

    /** Adds the changes that are only written down to the counters; see the package. Opens a transaction of its own if there is none. */
    void addUp();

    /** One counter. */
    record Usage(Resource resource, @Nullable Long limit, long used, long reserved) {}
}
