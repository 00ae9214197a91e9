package dev.berth.app.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** The processes of the PostgreSQL server of one data directory, whoever started them. */
final class Postmaster {
    private static final Logger LOG = Logger.getLogger(Postmaster.class);
    private static final long GRACE_SECONDS = 20;
    private static final long CHILDREN_GRACE_MILLIS = 5_000;
    private final Path data;

    Postmaster(Path data) {
        this.data = data;
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    /** As the server wrote it down; it may have ended since. */
    long pid() throws IOException {
        return Long.parseLong(Files.readAllLines(pidFile()).getFirst().trim());
    }

    /** Whether the server lives; one that has ended but was not reaped yet does not. */
    boolean running() {
        try {
            String status = Files.readString(Path.of("/proc/" + pid() + "/stat"));
            return !status.substring(status.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** Ends a server that outlived its controller, and what a killed server left behind, so that a new one can start. */
    void stop() throws IOException {
        if (Files.exists(pidFile())) {
            ProcessHandle.of(pid()).filter(this::isOurs).ifPresent(Postmaster::end);
        }
        endChildren();
        Files.deleteIfExists(pidFile());
        Files.deleteIfExists(data.resolve("epg-lock"));
    }

    private static void end(ProcessHandle server) {
        LOG.warnf("Stopping the PostgreSQL server %d that an earlier run left behind", server.pid());
        server.destroy();
        try {
            server.onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            server.destroyForcibly();
        }
    }

    /**
     * Waits for the children of a server that was killed. They end by themselves when they notice; a busy machine lets them
     * take their time, and as long as one of them holds the shared memory no new server starts.
     */
    private void endChildren() throws IOException {
        long patience = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CHILDREN_GRACE_MILLIS);
        long end = patience + TimeUnit.MILLISECONDS.toNanos(CHILDREN_GRACE_MILLIS);
        for (List<ProcessHandle> left = children(); !left.isEmpty(); left = children()) {
            if (System.nanoTime() > end) {
                throw new IOException("processes of the killed PostgreSQL server do not end: " + left);
            }
            if (System.nanoTime() > patience) {
                left.forEach(ProcessHandle::destroyForcibly);
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** A PostgreSQL process works in its data directory and keeps nothing else that names it. */
    private List<ProcessHandle> children() throws IOException {
        if (!Files.exists(data)) {
            return List.of();
        }
        Path here = data.toRealPath();
        return ProcessHandle.allProcesses()
                .filter(process -> worksIn(process, here))
                .toList();
    }

    private static boolean worksIn(ProcessHandle process, Path directory) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
                    .equals(directory);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isOurs(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"))
                    .contains(data.toString());
        } catch (IOException e) {
            return false;
        }
    }
}
