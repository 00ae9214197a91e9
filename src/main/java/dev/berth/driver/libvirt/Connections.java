package dev.berth.driver.libvirt;

import dev.berth.ffi.VirtConnection;
import dev.berth.ffi.VirtException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection to libvirt for each call that is under way: the one that is kept and tells events, and others when that one is
 * busy.
 *
 * <p>Calls do not share one, for two reasons. libvirtd reads nothing more from a connection with five unanswered calls, not
 * even its keep-alive ({@code max_client_requests}), so that five guests that hang would break it for all others. And a call
 * that begins while another one waits is at times sent only when something else wakes the client (seen with libvirt 9.0: up
 * to six seconds later).
 */
final class Connections implements AutoCloseable {
    /** What is kept open of the others; opening one takes some milliseconds. */
    private static final int IDLE = 3;

    private final String uri;
    private final ConnectionKeeper kept;
    private final AtomicBoolean keptIsBusy = new AtomicBoolean();
    private final Deque<VirtConnection> idle = new ArrayDeque<>();
    private boolean closed;

    Connections(String uri) {
        this.uri = uri;
        kept = new ConnectionKeeper(uri);
    }

    /** Begins to connect; events and reconnections are told from now on. */
    void start(VirtConnection.LifecycleListener events, Runnable reconnected) {
        kept.start(events, reconnected);
    }

    <T> T use(Function<VirtConnection, T> function) throws InterruptedException {
        if (keptIsBusy.compareAndSet(false, true)) {
            try {
                return kept.use(function);
            } finally {
                keptIsBusy.set(false);
            }
        }
        // Opening hangs while libvirtd is stopped; the kept one knows about that.
        kept.awaitOpen();
        return useAnother(function);
    }

    private <T> T useAnother(Function<VirtConnection, T> function) {
        VirtConnection connection = take();
        try {
            return function.apply(connection);
        } catch (VirtException e) {
            throw Failures.of(e, connection);
        } finally {
            giveBack(connection);
        }
    }

    private VirtConnection take() {
        for (VirtConnection connection = poll(); connection != null; connection = poll()) {
            if (connection.isAlive()) {
                return connection;
            }
            connection.close();
        }
        try {
            return ConnectionKeeper.open(uri);
        } catch (VirtException e) {
            throw ConnectionKeeper.unavailable(uri, e.message());
        }
    }

    private synchronized @Nullable VirtConnection poll() {
        return idle.poll();
    }

    private void giveBack(VirtConnection connection) {
        if (!connection.isAlive() || !keep(connection)) {
            connection.close();
        }
    }

    private synchronized boolean keep(VirtConnection connection) {
        if (closed || idle.size() == IDLE) {
            return false;
        }
        idle.push(connection);
        return true;
    }

    @Override
    public void close() {
        kept.close();
        stopKeeping().forEach(VirtConnection::close);
    }

    private synchronized List<VirtConnection> stopKeeping() {
        closed = true;
        List<VirtConnection> all = new ArrayList<>(idle);
        idle.clear();
        return all;
    }
}
