package dev.berth.driver.libvirt;

import dev.berth.driver.ConsoleOutput;
import dev.berth.kernel.Threads;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a shared console: a short queue and a thread that hands it on, so that a slow reader slows the console for
 * a moment only, and is then cut off.
 */
final class ConsoleClient {
    private static final int QUEUE = 256;
    private static final long PATIENCE_SECONDS = 5;

    private final ConsoleOutput output;
    private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable String reason;

    ConsoleClient(ConsoleOutput output) {
        this.output = output;
        Threads.daemons("console-client").newThread(this::deliver).start();
    }

    /** Queues output; false when the reader is too slow or gone. */
    boolean offer(byte[] data) {
        try {
            return !ended.get() && queue.offer(data, PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void end(@Nullable String why) {
        if (ended.compareAndSet(false, true)) {
            reason = why;
            // An empty piece only wakes the thread.
            queue.offer(new byte[0]);
        }
    }

    private void deliver() {
        try {
            while (!ended.get() || !queue.isEmpty()) {
                byte[] data = queue.poll(1, TimeUnit.SECONDS);
                if (data != null && data.length > 0) {
                    output.data(data);
                }
            }
            output.closed(reason);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            ended.set(true);
            System.getLogger(ConsoleClient.class.getName()).log(System.Logger.Level.DEBUG, "reader failed", e);
        }
    }
}
