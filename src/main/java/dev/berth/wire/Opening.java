package dev.berth.wire;

import dev.berth.kernel.BerthException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The beginning of a call that stays open: its arguments are sent, and the other side says when it has begun, or why not.
 *
 * @param <T> who listens to the call
 */
final class Opening<T extends ClientCall.Listener<Frame>> {
    private final WireMethod method;
    private final ClientCall<Frame, Frame> call;
    private final CompletableFuture<T> begun = new CompletableFuture<>();

    Opening(Channel channel, WireMethod method) {
        this.method = method;
        this.call = channel.newCall(method.descriptor(), CallOptions.DEFAULT);
    }

    ClientCall<Frame, Frame> call() {
        return call;
    }

    /** Starts the call and waits until the other side has begun; afterwards it is cancelled unless that came to be. */
    T await(T listener, Frame request, long seconds) {
        call.start(listener, new Metadata());
        call.request(1);
        call.sendMessage(request);
        if (method.descriptor().getType().clientSendsOneMessage()) {
            call.halfClose();
        }
        try {
            return begun.orTimeout(seconds, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            call.cancel("not opened", e);
            if (e.getCause() instanceof TimeoutException) {
                throw WireErrors.exception(Status.DEADLINE_EXCEEDED, null, method.label());
            }
            throw e.getCause() instanceof BerthException known ? known : e;
        }
    }

    void begun(T listener) {
        begun.complete(listener);
    }

    /** The call has ended; nothing happens if it had begun. */
    void failed(BerthException reason) {
        begun.completeExceptionally(reason);
    }

    boolean hasBegun() {
        return begun.isDone() && !begun.isCompletedExceptionally();
    }
}
