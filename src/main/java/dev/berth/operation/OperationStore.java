package dev.berth.operation;

import dev.berth.driver.Progress;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the runner keeps its journal; exchangeable, so that scenarios run in memory. Each call is durable on return.
 *
 * <p>Whoever works on an operation claims it for a run of his own. Writes name that run, and are refused with
 * {@link Superseded} once a later run has claimed the operation: a controller that was taken for dead and wakes up again
 * does no harm.
 */
public interface OperationStore {
    Optional<OperationRecord> load(UUID id);

    /**
     * Takes an operation for a run: a queued one if it is the first of its queue, one that was begun always. Returns it as it
     * then is, the first step of a queued one begun unless it is cancelled; empty if its turn has not come or it has ended.
     */
    Optional<Claimed> claim(UUID id);

    /** Writes the journal; returns whether somebody wants the operation to end. */
    boolean journal(Claim claim, Journal journal);

    void progress(Claim claim, @Nullable Progress progress);

    void waiting(Claim claim, @Nullable String reason);

    /** From now on the operation is taken back, because of this. */
    void undoing(Claim claim, OperationView.Failure failure);

    /** Ends the operation and calls back with it in the same transaction. */
    void finish(Claim claim, End end, Consumer<OperationRecord> inTransaction);

    void log(UUID id, String line);

    boolean cancelRequested(UUID id);

    /** The next queued operation of the queue that this one was in, whose turn may now have come. */
    Optional<UUID> next(UUID ended);

    /** How an operation ends. */
    record End(OperationState state, Journal journal, OperationView.@Nullable Failure failure) {}

    /** Who works on what. */
    record Claim(UUID operation, UUID run) {
        static Claim of(UUID operation) {
            return new Claim(operation, UUID.randomUUID());
        }
    }

    /** An operation as it is for the run that has claimed it. */
    record Claimed(OperationRecord operation, Claim claim) {}
}
