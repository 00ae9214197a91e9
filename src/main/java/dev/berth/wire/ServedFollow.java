package dev.berth.wire;

import dev.berth.driver.Subscription;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The serving side of a flow of items. Whoever makes them waits while the caller is slow, and the flow ends if that lasts. */
final class ServedFollow implements Consumer<Object> {
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    private static final long LOOK_MILLIS = 500;
    private final WireMethod method;
    private final ServerCallStreamObserver<Frame> out;
    private boolean ended;
    private @Nullable Subscription subscription;

    private ServedFollow(WireMethod method, ServerCallStreamObserver<Frame> out) {
        this.method = method;
        this.out = out;
        out.setOnReadyHandler(this::wake);
        out.setOnCancelHandler(this::end);
    }

    static void serve(
            WireMethod method,
            DriverEndpoint endpoint,
            Frame request,
            ServerCallStreamObserver<Frame> out,
            Lanes lanes) {
        ServedFollow follow = new ServedFollow(method, out);
        try {
            lanes.of(method).execute(() -> follow.begin(endpoint, request));
        } catch (RejectedExecutionException e) {
            DriverEndpoint.fail(out, DriverEndpoint.busy(), method);
        }
    }

    private void begin(DriverEndpoint endpoint, Frame request) {
        try {
            Subscription begun = (Subscription) endpoint.invoke(method, request, this);
            synchronized (this) {
                subscription = begun;
            }
            send(Frame.of(Frame.Kind.PROGRESS));
            if (begun != null) {
                Thread.ofVirtual().name("follow-end").start(() -> watch(begun));
            }
        } catch (RuntimeException e) {
            synchronized (this) {
                ended = true;
            }
            DriverEndpoint.fail(out, e, method);
        }
    }

    /** Ends the call when the driver has ended the flow. */
    private void watch(Subscription begun) {
        try {
            while (begun.isOpen() && !hasEnded()) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (!ended && !out.isCancelled()) {
                ended = true;
                out.onCompleted();
            }
        }
        begun.close();
    }

    private synchronized boolean hasEnded() {
        return ended || out.isCancelled();
    }

    private synchronized void wake() {
        notifyAll();
    }

    private void end() {
        Subscription begun;
        synchronized (this) {
            ended = true;
            begun = subscription;
            notifyAll();
        }
        if (begun != null) {
            begun.close();
        }
    }

    @Override
    public void accept(Object item) {
        send(WireJson.frame(Frame.Kind.EVENT, method.event(), item));
    }

    private synchronized void send(Frame frame) {
        long limit = System.currentTimeMillis() + LONGEST_WAIT_MILLIS;
        try {
            while (!hasEnded() && !out.isReady()) {
                long left = limit - System.currentTimeMillis();
                if (left <= 0) {
                    ended = true;
                    DriverEndpoint.fail(out, DriverEndpoint.busy(), method);
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!hasEnded()) {
            out.onNext(frame);
        }
    }
}
