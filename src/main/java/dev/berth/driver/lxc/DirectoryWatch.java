package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Tells that something was written in a directory: one inotify descriptor and one thread for all of them. */
final class DirectoryWatch implements AutoCloseable {
    private final Map<WatchKey, List<Runnable>> wakers = new ConcurrentHashMap<>();
    private @Nullable WatchService service;

    /**
     * Begins to watch a directory.
     *
     * @param waker called after each change; must be short
     */
    synchronized void add(Path directory, Runnable waker) {
        try {
            WatchService open = service();
            WatchKey key = directory.register(
                    open, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            wakers.computeIfAbsent(key, one -> new CopyOnWriteArrayList<>()).add(waker);
        } catch (IOException e) {
            throw NodeFailures.files("Watching a directory", e);
        }
    }

    synchronized void remove(Runnable waker) {
        wakers.forEach((key, list) -> {
            list.remove(waker);
            if (list.isEmpty()) {
                key.cancel();
                wakers.remove(key);
            }
        });
    }

    private WatchService service() throws IOException {
        WatchService open = service;
        if (open == null) {
            open = FileSystems.getDefault().newWatchService();
            service = open;
            WatchService started = open;
            Threads.daemons("directory-watch").newThread(() -> run(started)).start();
        }
        return open;
    }

    private void run(WatchService open) {
        try {
            while (true) {
                WatchKey key = open.take();
                key.pollEvents();
                wakers.getOrDefault(key, List.of()).forEach(Runnable::run);
                if (!key.reset()) {
                    // The directory has gone; whoever was told looks once more and sees it.
                    wakers.remove(key);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException e) {
            System.getLogger(DirectoryWatch.class.getName()).log(System.Logger.Level.DEBUG, "closed", e);
        }
    }

    @Override
    public synchronized void close() {
        WatchService open = service;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw NodeFailures.files("Closing the watch of directories", e);
            }
        }
    }
}
