package dev.berth.wire;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a channel from waiting ever longer, up to two minutes, before it connects again: whoever is refused has it try once
 * more, at most once a second.
 */
final class PromptReconnect implements ClientInterceptor {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);
    private final ManagedChannel channel;
    private final AtomicLong last = new AtomicLong(System.nanoTime() - INTERVAL);

    PromptReconnect(ManagedChannel channel) {
        this.channel = channel;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(new Watching<>(listener), headers);
            }
        };
    }

    private final class Watching<A> extends SimpleForwardingClientCallListener<A> {
        Watching(ClientCall.Listener<A> listener) {
            super(listener);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            super.onClose(status, trailers);
            long before = last.get();
            long now = System.nanoTime();
            if (status.getCode() == Status.Code.UNAVAILABLE
                    && now - before > INTERVAL
                    && last.compareAndSet(before, now)) {
                channel.resetConnectBackoff();
            }
        }
    }
}
