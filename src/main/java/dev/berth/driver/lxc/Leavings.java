package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.Lane;
import dev.berth.kernel.Threads;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Files of containers that have been removed while their supervisors still take down mounts and interfaces. That takes the kernel
 * some 60 ms, in which nothing of the container runs; nobody waits for it but who makes a container of the same id. What an agent
 * leaves when it is stopped meanwhile, its recovery removes.
 */
final class Leavings implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Leavings.class.getName());
    private static final int MOST = 16;

    private final Supervisors supervisors;
    private final Map<UUID, CompletableFuture<Void>> clearing = new ConcurrentHashMap<>();
    private final ExecutorService threads = Threads.shared(Threads.daemons("lxc-leavings"));
    private final Lane lane = new Lane(threads, MOST, Integer.MAX_VALUE);

    Leavings(Supervisors supervisors) {
        this.supervisors = supervisors;
    }

    /** Removes files when the container's supervisor has gone; at once when there is none. */
    void clear(UUID id, Runnable removal) {
        if (!supervisors.isWatched(id)) {
            removal.run();
            return;
        }
        try {
            CompletableFuture<Void> done = CompletableFuture.runAsync(() -> clearLater(id, removal), lane);
            clearing.put(id, done);
            done.whenComplete((nothing, failure) -> clearing.remove(id, done));
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed already; the next recovery removes " + id, e);
        }
    }

    private void clearLater(UUID id, Runnable removal) {
        if (!supervisors.awaitEnd(id, Supervisors.CLEARING)) {
            LOG.log(System.Logger.Level.WARNING, "the supervisor of the removed container " + id + " is not gone");
            return;
        }
        try {
            removal.run();
        } catch (BerthException e) {
            LOG.log(System.Logger.Level.WARNING, "files of the removed container " + id + " are left", e);
        }
    }

    /** Waits until nothing is left of a container that was removed. */
    void await(UUID id) {
        CompletableFuture<Void> running = clearing.get(id);
        if (running != null) {
            try {
                running.join();
            } catch (CompletionException e) {
                LOG.log(System.Logger.Level.WARNING, "clearing up after container " + id, e);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
