package dev.berth.driver.libvirt;

import dev.berth.ffi.VirtConnection;
import dev.berth.ffi.VirtException;
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
 * The way to libvirt: one connection that comes back by itself, and a bounded pool of platform threads for native calls.
 *
 * <p>Every call has a time limit. When it is over the caller gets an error; the thread stays in native code until libvirt
 * answers or its keep-alive gives the connection up. A function given to {@link #call} must not call again.
 */
final class Hypervisor implements AutoCloseable {
    private static final int THREADS = 12;
    private static final int WAITING = 512;

    private final ConnectionKeeper keeper;
    private final Duration timeout;
    private final ExecutorService threads = Threads.shared(Threads.daemons("libvirt-call"));
    private final Lane calls = new Lane(threads, THREADS, WAITING);

    Hypervisor(String uri, Duration timeout) {
        this.timeout = timeout;
        this.keeper = new ConnectionKeeper(uri);
    }

    /** Begins to connect; events and reconnections are told from now on. */
    void open(VirtConnection.LifecycleListener events, Runnable reconnected) {
        keeper.start(events, reconnected);
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
        FutureTask<T> answer = new FutureTask<>(() -> keeper.use(function));
        try {
            calls.execute(answer);
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

    private RuntimeException failure(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof VirtException virt) {
            return keeper.isAlive()
                    ? Failures.translate(virt)
                    : unavailable(
                            "libvirtd went away during the call. Check it; the driver reconnects by itself.", virt);
        }
        return cause instanceof BerthException berth
                ? berth
                : BerthException.of(ErrorCode.DRIVER_FAILED, "A call to libvirt failed.", cause);
    }

    static BerthException unavailable(String message, Throwable cause) {
        return BerthException.of(ErrorCode.HYPERVISOR_UNAVAILABLE, message, cause);
    }

    @Override
    public void close() {
        keeper.close();
        threads.shutdownNow();
    }
}
