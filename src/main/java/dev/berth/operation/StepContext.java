package dev.berth.operation;

import dev.berth.driver.ProgressSink;
import java.util.Optional;
import java.util.UUID;

/** What a running step may ask of its engine. */
public interface StepContext {
    UUID operationId();

    /** Where to report progress; throws CANCELLED from {@code report} once the operation is cancelled. */
    ProgressSink progress();

    /** Adds a line to the operation's log, for people. */
    void log(String line);

    /** Keeps a small text in the journal, readable by later steps and by undo. Durable when this returns. */
    void put(String key, String value);

    Optional<String> get(String key);

    /** Something to be written in the transaction in which the operation succeeds, if this run gets that far. */
    void atEnd(Runnable write);

    /**
     * @throws dev.berth.kernel.BerthException CANCELLED once the operation is cancelled
     */
    void checkCancelled();
}
