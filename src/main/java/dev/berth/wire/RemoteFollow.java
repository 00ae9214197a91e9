package dev.berth.wire;

import dev.berth.driver.Subscription;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A flow of items that ends with its connection: nobody could say where another would have to go on, so whoever follows asks
 * again from where he was. The next item is asked for when the last one was taken.
 */
final class RemoteFollow extends ClientCall.Listener<Frame> implements Subscription {
    private static final long OPEN_SECONDS = 60;
    private final WireMethod method;
    private final ClientCall<Frame, Frame> call;
    private final Consumer<Object> listener;
    private final Opening<RemoteFollow> opening;
    private volatile boolean open = true;

    private RemoteFollow(WireMethod method, Opening<RemoteFollow> opening, Consumer<Object> listener) {
        this.method = method;
        this.call = opening.call();
        this.opening = opening;
        this.listener = listener;
    }

    static Subscription follow(Channel channel, WireMethod method, Frame request, Consumer<Object> listener) {
        Opening<RemoteFollow> opening = new Opening<>(channel, method);
        return opening.await(new RemoteFollow(method, opening, listener), request, OPEN_SECONDS);
    }

    @Override
    public void onMessage(Frame frame) {
        switch (frame.kind()) {
            case EVENT -> {
                if (open) {
                    listener.accept(Objects.requireNonNull(WireJson.value(frame, method.event())));
                }
            }
            case PROGRESS -> opening.begun(this);
            case ARGUMENTS, RESULT, CANCEL, DATA, RESIZE, CLOSED -> {
                // Nothing that a flow brings.
            }
        }
        call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        open = false;
        opening.failed(WireErrors.exception(status, trailers, method.label()));
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        call.cancel("no longer followed", null);
    }
}
