package dev.berth.driver.lxc;

import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.Subscription;
import dev.berth.kernel.Threads;
import java.nio.file.Files;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Somebody who reads a log on and on: a thread that sleeps until something was written. */
final class LogFollower implements Subscription {
    private final DirectoryWatch watch;
    private final ContainerFiles files;
    private final LogQuery query;
    private final Consumer<LogRecord> listener;
    private final Semaphore news = new Semaphore(1);
    private final Runnable waker = this::wake;
    private volatile boolean open = true;

    private LogFollower(DirectoryWatch watch, ContainerFiles files, LogQuery query, Consumer<LogRecord> listener) {
        this.watch = watch;
        this.files = files;
        this.query = query;
        this.listener = listener;
    }

    /** Begins at a cursor, which is closed in the end. */
    static LogFollower begin(
            DirectoryWatch watch,
            ContainerFiles files,
            LogQuery query,
            LogCursor cursor,
            Consumer<LogRecord> listener) {
        LogFollower follower = new LogFollower(watch, files, query, listener);
        watch.add(files.log(), follower.waker);
        Threads.daemons("log-follower").newThread(() -> follower.run(cursor)).start();
        return follower;
    }

    private void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    private void run(LogCursor cursor) {
        try (cursor) {
            while (open && Files.exists(files.log())) {
                news.acquire();
                news.drainPermits();
                cursor.read(record -> {
                    if (open && LogLine.matches(query, record)) {
                        listener.accept(record);
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            System.getLogger(LogFollower.class.getName()).log(System.Logger.Level.DEBUG, "a follower left", e);
        } finally {
            watch.remove(waker);
        }
    }

    @Override
    public void close() {
        open = false;
        wake();
    }
}
