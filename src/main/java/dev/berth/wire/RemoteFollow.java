package dev.berth.wire;

import dev.berth.driver.Subscription;
import dev.berth.kernel.BerthException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final CompletableFuture<RemoteFollow> opened = new CompletableFuture<>();
    private volatile boolean open = true;

    private RemoteFollow(WireMethod method, ClientCall<Frame, Frame> call, Consumer<Object> listener) {
        this.method = method;
        this.call = call;
        this.listener = listener;
    }

    static Subscription follow(Channel channel, WireMethod method, Frame request, Consumer<Object> listener) {
        ClientCall<Frame, Frame> call = channel.newCall(method.descriptor(), CallOptions.DEFAULT);
        RemoteFollow follow = new RemoteFollow(method, call, listener);
        call.start(follow, new Metadata());
        call.request(1);
        call.sendMessage(request);
        call.halfClose();
        try {
            return follow.opened.orTimeout(OPEN_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            call.cancel("not opened", e);
            if (e.getCause() instanceof TimeoutException) {
                throw WireErrors.exception(Status.DEADLINE_EXCEEDED, null, method.label());
            }
            throw e.getCause() instanceof BerthException known ? known : e;
        }
    }

    @Override
    public void onMessage(Frame frame) {
        switch (frame.kind()) {
            case EVENT -> {
                if (open) {
                    listener.accept(Objects.requireNonNull(WireJson.value(frame, method.event())));
                }
            }
            case PROGRESS -> opened.complete(this);
            case ARGUMENTS, RESULT, CANCEL, DATA, RESIZE, CLOSED -> {
                // Nothing that a flow brings.
            }
        }
        call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        open = false;
        opened.completeExceptionally(WireErrors.exception(status, trailers, method.label()));
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
