package dev.berth.driver.lxc;

import dev.berth.ffi.ProcessWatch;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The supervisors of running containers, watched for their ends. */
final class Supervisors implements AutoCloseable {
    /** What a supervisor may take to clear up after its container. */
    static final Duration CLEARING = Duration.ofSeconds(20);

    private final ProcessWatch watch = new ProcessWatch();
    private final Map<UUID, Watched> watched = new ConcurrentHashMap<>();
    private final DirectoryWatch directories;
    private final Consumer<UUID> changed;
    private final Consumer<UUID> ended;

    /**
     * One that runs.
     *
     * @param exit completed when the container has ended, and its end was written down
     * @param end completed when the supervisor has gone, with all that was the container's
     */
    private record Watched(long supervisor, CompletableFuture<Boolean> exit, CompletableFuture<Boolean> end) {
        Watched(long supervisor) {
            this(supervisor, new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    /**
     * Watches nobody yet.
     *
     * @param changed called when a supervisor wrote how a container is, or how it ended
     * @param ended called when a supervisor has gone, with all that was the container's; both must be short
     */
    Supervisors(DirectoryWatch directories, Consumer<UUID> changed, Consumer<UUID> ended) {
        this.directories = directories;
        this.changed = changed;
        this.ended = ended;
    }

    /** Begins to watch a container's supervisor; once is enough. */
    void watch(ContainerFiles files, RunStatus status) {
        UUID id = files.id();
        Watched one = new Watched(status.supervisor());
        Watched before = watched.put(id, one);
        if (before != null
                && before.supervisor() == one.supervisor()
                && !before.end().isDone()) {
            watched.put(id, before);
            return;
        }
        Runnable waker = () -> {
            lookForExit(files, one);
            changed.accept(id);
        };
        directories.add(files.run(), waker);
        lookForExit(files, one);
        watch.watch(status.supervisor(), () -> {
            directories.remove(waker);
            watched.remove(id, one);
            one.exit().complete(true);
            one.end().complete(true);
            ended.accept(id);
        });
    }

    /** The file of an earlier run is removed before a container starts. */
    private static void lookForExit(ContainerFiles files, Watched one) {
        if (Files.exists(files.exit())) {
            one.exit().complete(true);
        }
    }

    boolean isWatched(UUID id) {
        return watched.containsKey(id);
    }

    /** Waits until nothing runs in a container any longer; its mounts and interfaces may still be there. */
    boolean awaitExit(UUID id, Duration timeout) {
        Watched one = watched.get(id);
        return one == null || await(one.exit(), timeout);
    }

    /** Waits until a container's supervisor has gone; false when the time is over. */
    boolean awaitEnd(UUID id, Duration timeout) {
        Watched one = watched.get(id);
        return one == null || await(one.end(), timeout);
    }

    private static boolean await(CompletableFuture<Boolean> future, Duration timeout) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the future never fails", e);
        } catch (InterruptedException e) {
            throw Failures.interrupted("Waiting for the container's end", e);
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
