package dev.berth.kernel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Named platform threads that do not keep the process alive, and waiting for threads. */
public final class Threads {
    /** A thread costs 100 KB. */
    private static final int IDLE_SECONDS = 3;

    private Threads() {}

    /** Numbered threads of a name. */
    public static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> Thread.ofPlatform()
                .daemon()
                .name(name + "-" + number.incrementAndGet())
                .unstarted(work);
    }

    /** Threads that are made when no idle one is left, and end soon when they are idle; {@link Lane} bounds what runs on them. */
    public static ExecutorService shared(ThreadFactory factory) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    /** Sleeps; false when the thread was asked to end. */
    public static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Does two things at the same time; returns when both have ended. What the second one throws comes before what the first one does. */
    public static void together(Runnable first, Runnable second) {
        CompletableFuture<Void> beside = CompletableFuture.runAsync(first, Thread::startVirtualThread);
        try {
            second.run();
        } catch (RuntimeException e) {
            beside.exceptionally(alsoFailed -> null).join();
            throw e;
        }
        join(beside);
    }

    /** Waits for what other threads do; throws what they threw. */
    public static <T> T join(CompletableFuture<T> work) {
        try {
            return work.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
