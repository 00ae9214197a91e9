package dev.berth.driver.libvirt;

import dev.berth.ffi.VirtConnection;
import dev.berth.ffi.VirtException;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection to libvirt open: a thread of its own opens it, looks after it, and replaces it when it breaks.
 *
 * <p>Opening happens on that thread only, because a stopped libvirtd lets it hang; callers then fail at once. A broken
 * connection is closed only when the last call has left it.
 */
final class ConnectionKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConnectionKeeper.class.getName());
    private static final int KEEP_ALIVE_SECONDS = 5;
    private static final int KEEP_ALIVE_COUNT = 3;
    private static final long FIRST_ATTEMPT_SECONDS = 10;

    private final String uri;
    private final Thread thread = Threads.daemons("libvirt-connection").newThread(this::keep);
    private final CountDownLatch firstAttempt = new CountDownLatch(1);
    /** Released to have the connection looked at now. */
    private final Semaphore attention = new Semaphore(0);

    private volatile @Nullable Open current;
    private volatile String problem = "libvirtd has not answered yet";
    private VirtConnection.LifecycleListener events = (domain, event, detail) -> {};
    private Runnable reconnected = () -> {};

    ConnectionKeeper(String uri) {
        this.uri = uri;
    }

    record Open(VirtConnection connection, ReentrantReadWriteLock users) {}

    void start(VirtConnection.LifecycleListener events, Runnable reconnected) {
        this.events = events;
        this.reconnected = reconnected;
        thread.start();
    }

    <T> T use(Function<VirtConnection, T> function) throws InterruptedException {
        Open open = awaitOpen();
        if (!open.users().readLock().tryLock()) {
            throw unavailable(uri, problem);
        }
        try {
            return function.apply(open.connection());
        } catch (VirtException e) {
            throw Failures.of(e, open.connection());
        } finally {
            open.users().readLock().unlock();
        }
    }

    /** The connection; HYPERVISOR_UNAVAILABLE when there is none. */
    Open awaitOpen() throws InterruptedException {
        if (!firstAttempt.await(FIRST_ATTEMPT_SECONDS, TimeUnit.SECONDS)) {
            problem = "libvirtd does not answer";
        }
        Open open = current;
        if (open == null) {
            throw unavailable(uri, problem);
        }
        return open;
    }

    static BerthException unavailable(String uri, String problem) {
        return BerthException.of(
                ErrorCode.HYPERVISOR_UNAVAILABLE,
                "libvirt at " + uri + " is not available (" + problem
                        + "). Start libvirtd; the driver reconnects by itself.");
    }

    private boolean isAlive() {
        Open open = current;
        return open != null && open.connection().isAlive();
    }

    private void keep() {
        boolean before = false;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (!isAlive()) {
                    retire();
                    if (connect()) {
                        if (before) {
                            reconnected.run();
                        }
                        before = true;
                    }
                    firstAttempt.countDown();
                }
                attention.tryAcquire(1, TimeUnit.SECONDS);
                attention.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        retire();
    }

    private boolean connect() {
        try {
            VirtConnection connection = open(uri);
            connection.onLifecycle(events);
            if (!isSimulated(uri)) {
                connection.onClose(attention::release);
            }
            current = new Open(connection, new ReentrantReadWriteLock());
            return true;
        } catch (VirtException e) {
            if (!problem.equals(e.message())) {
                LOG.log(System.Logger.Level.WARNING, "no connection to libvirt: {0}", e.message());
            }
            problem = e.message();
            return false;
        }
    }

    /** One that notices a libvirtd which does not answer. */
    static VirtConnection open(String uri) {
        VirtConnection connection = VirtConnection.open(uri);
        if (!isSimulated(uri)) {
            connection.keepAlive(KEEP_ALIVE_SECONDS, KEEP_ALIVE_COUNT);
        }
        return connection;
    }

    private static boolean isSimulated(String uri) {
        return uri.startsWith("test:");
    }

    private void retire() {
        Open open = current;
        if (open == null) {
            return;
        }
        current = null;
        problem = "the connection broke";
        if (open.users().writeLock().tryLock()) {
            open.connection().close();
            return;
        }
        // A call still waits in it: close it from a thread that may wait as long as that call does.
        Threads.daemons("libvirt-retire")
                .newThread(() -> {
                    open.users().writeLock().lock();
                    open.connection().close();
                })
                .start();
    }

    @Override
    public void close() {
        thread.interrupt();
        attention.release();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
