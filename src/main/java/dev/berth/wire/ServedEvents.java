package dev.berth.wire;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.Subscription;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The serving side of an event subscription. A caller that does not keep up is cut off; it comes back and resyncs. */
final class ServedEvents {
    private static final int MOST_WAITING = 10_000;

    private ServedEvents() {}

    static void serve(WireMethod method, DriverEndpoint endpoint, Frame request, ServerCallStreamObserver<Frame> out) {
        AtomicBoolean ended = new AtomicBoolean();
        int[] waiting = {0};
        Consumer<DriverEvent> listener = event -> {
            synchronized (out) {
                if (ended.get() || out.isCancelled()) {
                    return;
                }
                waiting[0] = out.isReady() ? 0 : waiting[0] + 1;
                if (waiting[0] > MOST_WAITING) {
                    ended.set(true);
                    out.onError(io.grpc.Status.UNAVAILABLE
                            .withDescription("events were not taken")
                            .asRuntimeException());
                    return;
                }
                out.onNext(WireJson.frame(Frame.Kind.EVENT, DriverEvent.class, event));
            }
        };
        try {
            Subscription subscription = (Subscription) endpoint.invoke(method, request, listener);
            Runnable close = () -> {
                ended.set(true);
                if (subscription != null) {
                    subscription.close();
                }
            };
            out.setOnCancelHandler(close);
            if (out.isCancelled()) {
                close.run();
            }
            // Headers now, so that the caller knows that it is subscribed.
            synchronized (out) {
                out.onNext(Frame.of(Frame.Kind.PROGRESS));
            }
        } catch (RuntimeException e) {
            DriverEndpoint.fail(out, e, method);
        }
    }
}
