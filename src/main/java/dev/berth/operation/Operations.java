package dev.berth.operation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The way into the engine for features, REST and UI. */
public interface Operations {
    /** Writes the operation in the caller's transaction (which must exist); it begins after the commit. */
    <P extends Record> OperationView submit(OperationRequest<P> request);

    Optional<OperationView> find(UUID id);

    List<OperationView> list(OperationFilter filter);

    /** Log lines, oldest first. */
    List<LogLine> log(UUID id);

    /**
     * Asks an operation to end; what it did is undone.
     *
     * @throws dev.berth.kernel.BerthException WRONG_STATE when it has ended or cannot be cancelled
     */
    OperationView cancel(UUID id);

    /** Waits until it has ended or the time is over, and returns it as it then is. Never inside a transaction. */
    OperationView await(UUID id, Duration timeout);
}
