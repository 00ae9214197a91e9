package dev.berth.wire;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.Subscription;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The serving side of an event subscription. A caller that does not keep up is cut off; it comes back and resyncs. */
final class ServedEvents implements Consumer<DriverEvent> {
    private static final int MOST_WAITING = 10_000;
    private final ServerCallStreamObserver<Frame> out;
    private boolean ended;
    private int waiting;
    private @Nullable Subscription subscription;

    private ServedEvents(ServerCallStreamObserver<Frame> out) {
        this.out = out;
    }

    static void serve(WireMethod method, DriverEndpoint endpoint, Frame request, ServerCallStreamObserver<Frame> out) {
        ServedEvents events = new ServedEvents(out);
        out.setOnCancelHandler(events::end);
        try {
            events.begun((Subscription) endpoint.invoke(method, request, events));
        } catch (RuntimeException e) {
            DriverEndpoint.fail(out, e, method);
        }
    }

    /** Says so at once, so that the caller knows that it is subscribed. */
    private void begun(@Nullable Subscription made) {
        boolean late;
        synchronized (this) {
            subscription = made;
            late = ended || out.isCancelled();
            if (!late) {
                out.onNext(Frame.of(Frame.Kind.PROGRESS));
            }
        }
        if (late) {
            end();
        }
    }

    @Override
    public void accept(DriverEvent event) {
        boolean cut;
        synchronized (this) {
            if (ended || out.isCancelled()) {
                return;
            }
            waiting = out.isReady() ? 0 : waiting + 1;
            cut = waiting > MOST_WAITING;
            if (cut) {
                ended = true;
                out.onError(Status.UNAVAILABLE
                        .withDescription("events were not taken")
                        .asRuntimeException());
            } else {
                out.onNext(WireJson.frame(Frame.Kind.EVENT, DriverEvent.class, event));
            }
        }
        if (cut) {
            // Now: what waits keeps the call from ending until the caller takes it, which may be never.
            end();
        }
    }

    private void end() {
        Subscription begun;
        synchronized (this) {
            ended = true;
            begun = subscription;
        }
        if (begun != null) {
            begun.close();
        }
    }
}
