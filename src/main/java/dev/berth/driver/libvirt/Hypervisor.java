package dev.berth.driver.libvirt;

import dev.berth.ffi.VirtConnection;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Lane;
import dev.berth.kernel.Threads;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The way to libvirt: connections that come back by themselves, and a bounded number of native calls on platform threads.
 *
 * <p>Every call has a time limit. When it is over the caller gets an error; the thread stays in native code until libvirt
 * answers or its keep-alive gives the connection up. Calls that may take long have places of their own. A function given to
 * {@link #call} must not call again.
 */
final class Hypervisor implements AutoCloseable {
    /** Together not more than libvirtd's {@code max_workers}, 20. */
    private static final int BRIEF = 12;

    private static final int LONG = 8;
    private static final int WAITING = 512;

    private final Connections connections;
    private final Duration timeout;
    private final ExecutorService threads = Threads.shared(Threads.daemons("libvirt-call"));
    private final Lane briefCalls = new Lane(threads, BRIEF, WAITING);
    private final Lane longCalls = new Lane(threads, LONG, WAITING);

    Hypervisor(String uri, Duration timeout) {
        this.timeout = timeout;
        this.connections = new Connections(uri);
    }

    /** Begins to connect; events and reconnections are told from now on. */
    void open(VirtConnection.LifecycleListener events, Runnable reconnected) {
        connections.start(events, reconnected);
    }

    <T> T call(Function<VirtConnection, T> function) {
        return call(timeout, function);
    }

    void run(Consumer<VirtConnection> function) {
        call(connection -> {
            function.accept(connection);
            return true;
        });
    }

    <T> T call(Duration limit, Function<VirtConnection, T> function) {
        FutureTask<T> answer = new FutureTask<>(() -> connections.use(function));
        try {
            (limit.compareTo(timeout) > 0 ? longCalls : briefCalls).execute(answer);
        } catch (RejectedExecutionException e) {
            throw unavailable("libvirt has too many calls waiting; try again later.", e);
        }
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw unavailable("libvirt did not answer within " + limit.toSeconds() + " s; check libvirtd.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The call to libvirt was interrupted.", e);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        Throwable cause = e.getCause();
        return cause instanceof BerthException berth
                ? berth
                : BerthException.of(ErrorCode.DRIVER_FAILED, "A call to libvirt failed.", cause);
    }

    static BerthException unavailable(String message, Throwable cause) {
        return BerthException.of(ErrorCode.HYPERVISOR_UNAVAILABLE, message, cause);
    }

    @Override
    public void close() {
        connections.close();
        threads.shutdownNow();
    }
}
