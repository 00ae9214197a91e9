package dev.berth.agent;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lets one agent at a time have a state directory. Two would both start what is to run, and each remove what it thinks is left
 * over from the other's work. The lock is a record lock ({@code fcntl}): it ends with this process, however that ends, and no
 * container inherits it.
 */
final class StateLock implements AutoCloseable {
    private static final String FILE = "agent.lock";
    private static final long LOOK_MILLIS = 50;
    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the directory.
     *
     * @param longest time to wait for an agent that is just ending
     * @throws BerthException when another agent keeps it
     */
    static StateLock take(Path state, Duration longest) throws IOException {
        FileChannel channel =
                FileChannel.open(state.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (wait(channel, longest) == null) {
            channel.close();
            throw BerthException.of(
                    ErrorCode.IN_USE,
                    "Another agent works on " + state
                            + ". End it first (infra/down), or give this one another --state.");
        }
        return new StateLock(channel);
    }

    private static @Nullable FileLock wait(FileChannel channel, Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        FileLock lock = channel.tryLock();
        while (lock == null && System.nanoTime() < end && Threads.sleep(LOOK_MILLIS)) {
            lock = channel.tryLock();
        }
        return lock;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
