package dev.berth.operation;

import java.util.List;

/**
 * A kind of operation; one CDI bean each.
 *
 * @param <P> parameters, stored as JSON with the operation; a record of SPI and kernel types
 */
public interface OperationType<P extends Record> {
    /** Stable name, for example {@code instance.create}. */
    String name();

    Class<P> parameters();

    /** The steps, always the same for the same parameters. */
    List<Step<P>> steps(P parameters);

    /** Called in the transaction that ends the operation, after all steps or after all undos. */
    default void finished(P parameters, OperationView operation) {}

    /** Whether it may be cancelled while it runs; a queued one always may. */
    default boolean cancelable() {
        return true;
    }
}
