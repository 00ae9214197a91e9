package dev.berth.operation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The way into the engine for features, REST and UI. */
public interface Operations {
    /** Writes the operation in the caller's transaction (which must exist); it begins after the commit. */
    <P extends Record> OperationView submit(OperationRequest<P> request);

    /**
     * The same for the first operation of a subject that the caller's transaction makes: no other one of its queue can stand
     * before it, so it is running as soon as it is written.
     */
    <P extends Record> OperationView begin(OperationRequest<P> request);

    Optional<OperationView> find(UUID id);

    List<OperationView> list(OperationFilter filter);

    /** The last 1,000 log lines, oldest first. */
    List<LogLine> log(UUID id);

    /**
     * Asks an operation to end; what it did is undone.
     *
     * @throws dev.berth.kernel.BerthException WRONG_STATE when it has ended or cannot be cancelled
     */
    OperationView cancel(UUID id);

    /**
     * Ends an operation that is being undone as failed where it is: what it has not taken back stays. For an undo that fails
     * whenever it is tried, and for an operation that only another version of Berth knows.
     *
     * @throws dev.berth.kernel.BerthException WRONG_STATE when it is neither
     */
    OperationView giveUp(UUID id, String actor);

    /** Whether it is one that {@link #giveUp} ends. */
    boolean canBeGivenUp(OperationView operation);

    /**
     * Ends all operations of a subject as failed where they are, in the caller's transaction, because what they need is gone for
     * good. Whoever works on one of them is stopped at his next write.
     */
    void abandonAllOf(UUID subject, String actor);

    /** As it is when it has ended or the time is over; no thread waits for that. Never inside a transaction. */
    CompletionStage<OperationView> ended(UUID id, Duration timeout);
}
