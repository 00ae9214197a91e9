package dev.berth.operation;

import java.time.Duration;
import java.util.UUID;

/** Waiting for the end of an operation, on the test's own thread. */
final class Ends {
    private Ends() {}

    /** As it is when it has ended or the time is over. */
    static OperationView await(Operations operations, UUID id, Duration timeout) {
        return operations.ended(id, timeout).toCompletableFuture().join();
    }
}
