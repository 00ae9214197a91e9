package dev.berth.operation;

import dev.berth.driver.Progress;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the runner keeps its journal; exchangeable, so that scenarios run in memory. Each call is durable on return. */
public interface OperationStore {
    Optional<OperationRecord> load(UUID id);

    /** Takes a queued operation for running if it is the first of its queue. False if its turn has not come. */
    boolean claim(UUID id);

    void journal(UUID id, Journal journal);

    void progress(UUID id, @Nullable Progress progress);

    void waiting(UUID id, @Nullable String reason);

    void log(UUID id, String line);

    /** From now on the operation is taken back, because of this. */
    void undoing(UUID id, OperationView.Failure failure);

    /** Ends the operation and calls back in the same transaction. */
    void finish(UUID id, OperationState state, OperationView.@Nullable Failure failure, Runnable inTransaction);

    boolean cancelRequested(UUID id);

    /** The next queued operation of a queue, whose turn may now have come. */
    Optional<UUID> next(String queueKey);
}
