package dev.berth.installation;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for something that happens in another process. */
public final class Await {
    private Await() {}

    /**
     * Polls until the condition holds.
     *
     * @throws AssertionError with the message when the time is over
     */
    public static void until(Duration timeout, Supplier<String> message, BooleanSupplier condition) {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("after " + timeout + ": " + message.get());
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
