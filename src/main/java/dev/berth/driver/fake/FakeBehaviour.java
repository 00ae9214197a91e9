package dev.berth.driver.fake;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The knobs of a fake node. Methods are named as in the SPI: {@code InstanceDriver.start}, {@code Snapshotting.snapshot}.
 *
 * <ul>
 *   <li>latency: every changing call takes this long; looking is free
 *   <li>fail: the next calls of a method throw a code
 *   <li>hang: calls of a method block until released
 *   <li>disconnect: every call throws NODE_UNAVAILABLE
 * </ul>
 */
public final class FakeBehaviour {
    private final Duration latency;
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private volatile boolean disconnected;

    public FakeBehaviour(Duration latency) {
        this.latency = latency;
    }

    /** At once, and without failures. */
    public static FakeBehaviour instant() {
        return new FakeBehaviour(Duration.ZERO);
    }

    private record Failure(ErrorCode code, AtomicInteger left) {}

    /** Makes the next {@code times} calls of a method fail. */
    public void fail(String method, ErrorCode code, int times) {
        failures.put(method, new Failure(code, new AtomicInteger(times)));
    }

    /** Makes calls of a method block until {@link #release}. */
    public void hang(String method) {
        hanging.put(method, new CountDownLatch(1));
    }

    public void release(String method) {
        CountDownLatch latch = hanging.remove(method);
        if (latch != null) {
            latch.countDown();
        }
    }

    public void disconnect(boolean away) {
        disconnected = away;
    }

    /** How often a method was called. */
    public int calls(String method) {
        return calls.computeIfAbsent(method, m -> new AtomicInteger()).get();
    }

    /** A call that only looks. */
    void look(String method) {
        calls.computeIfAbsent(method, m -> new AtomicInteger()).incrementAndGet();
        if (disconnected) {
            throw BerthException.of(ErrorCode.NODE_UNAVAILABLE, "The fake node is disconnected.");
        }
        block(hanging.get(method));
        Failure failure = failures.get(method);
        if (failure != null && failure.left().getAndDecrement() > 0) {
            throw BerthException.of(failure.code(), "The fake node was told to fail in " + method + ".");
        }
    }

    /** A call that changes something, so it takes its time. */
    void change(String method) {
        look(method);
        if (!latency.isZero()) {
            try {
                Thread.sleep(latency);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw BerthException.of(ErrorCode.CANCELLED, "The call was interrupted.");
            }
        }
    }

    private static void block(@Nullable CountDownLatch latch) {
        if (latch == null) {
            return;
        }
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The call was interrupted.");
        }
    }
}
