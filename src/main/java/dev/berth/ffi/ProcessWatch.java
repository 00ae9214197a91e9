package dev.berth.ffi;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells when processes end, whoever's children they are: one thread in {@code epoll_wait(2)} for all of them. Java's own
 * {@code ProcessHandle.onExit} takes a thread per process, and polls.
 */
public final class ProcessWatch implements AutoCloseable {
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int ADD = 1;
    private static final int REMOVE = 2;
    private static final int READABLE = 1;
    private static final int MOST = 64;
    private static final long WAKE = 0;
    /** {@code struct epoll_event} is packed on x86-64 only. */
    private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));

    private static final int DATA = PACKED ? 4 : 8;
    private static final int EVENT = DATA + 8;

    private final int epoll;
    private final int wake;
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicLong keys = new AtomicLong(WAKE);
    private volatile boolean closing;

    private record Watched(Pidfd process, Runnable ended) {}

    public ProcessWatch() {
        epoll = LibcLibrary.INSTANCE.epoll_create1(CLOSE_ON_EXEC);
        wake = LibcLibrary.INSTANCE.eventfd(0, CLOSE_ON_EXEC);
        control(ADD, wake, WAKE);
        Thread.ofPlatform().daemon().name("process-watch").start(this::run);
    }

    /**
     * Begins to watch.
     *
     * @param ended called once, on the watching thread, when the process has ended; must be short. At once if it has
     *     ended already.
     */
    public void watch(long pid, Runnable ended) {
        Pidfd process;
        try {
            process = Pidfd.open(pid);
        } catch (LinuxException e) {
            if (e.errno() != LinuxException.NO_PROCESS) {
                throw e;
            }
            ended.run();
            return;
        }
        long key = keys.incrementAndGet();
        watched.put(key, new Watched(process, ended));
        control(ADD, process.descriptor(), key);
    }

    private void control(int operation, int descriptor, long key) {
        try (Memory event = new Memory(EVENT)) {
            event.setInt(0, READABLE);
            event.setLong(DATA, key);
            LibcLibrary.INSTANCE.epoll_ctl(epoll, operation, descriptor, event);
        } catch (LastErrorException e) {
            throw new LinuxException("epoll_ctl", e);
        }
    }

    private void run() {
        try (Memory events = new Memory((long) MOST * EVENT)) {
            while (!closing) {
                int count = await(events);
                for (int i = 0; i < count; i++) {
                    end(events.getLong((long) i * EVENT + DATA));
                }
            }
        } finally {
            watched.values().forEach(one -> one.process().close());
            LibcLibrary.INSTANCE.close(wake);
            LibcLibrary.INSTANCE.close(epoll);
        }
    }

    private int await(Memory events) {
        try {
            return LibcLibrary.INSTANCE.epoll_wait(epoll, events, MOST, -1);
        } catch (LastErrorException e) {
            LinuxException failure = new LinuxException("epoll_wait", e);
            if (failure.isInterruption()) {
                return 0;
            }
            throw failure;
        }
    }

    private void end(long key) {
        Watched one = watched.remove(key);
        if (one == null) {
            return;
        }
        control(REMOVE, one.process().descriptor(), key);
        one.process().close();
        try {
            one.ended().run();
        } catch (RuntimeException e) {
            System.getLogger(ProcessWatch.class.getName())
                    .log(System.Logger.Level.ERROR, "what follows a process's end failed", e);
        }
    }

    @Override
    public synchronized void close() {
        if (closing) {
            return;
        }
        // Woken before it is told: once told, it closes the descriptor that it is woken by.
        byte[] one = {1, 0, 0, 0, 0, 0, 0, 0};
        LibcLibrary.INSTANCE.write(wake, one, one.length);
        closing = true;
    }
}
