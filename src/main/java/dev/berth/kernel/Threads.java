package dev.berth.kernel;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes named platform threads that do not keep the process alive. */
public final class Threads {
    private Threads() {}

    /** Numbered threads of a name. */
    public static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> Thread.ofPlatform()
                .daemon()
                .name(name + "-" + number.incrementAndGet())
                .unstarted(work);
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
}
