package dev.berth.wire;

import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A long call that reports progress. When the sink wants it to end, the node is asked to, and the call still waits for the
 * node's answer: whoever called may then rely on it that nothing goes on behind his back.
 */
final class ProgressCall extends ClientCall.Listener<Frame> {
    /** So many reports may be on their way; a node that has more leaves some out. */
    private static final int WAITING_REPORTS = 32;

    private final WireMethod method;
    private final ProgressSink sink;
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable ClientCall<Frame, Frame> call;
    private @Nullable Frame result;
    private @Nullable BerthException refusal;
    private Status status = Status.UNKNOWN;
    private Metadata trailers = new Metadata();

    ProgressCall(WireMethod method, ProgressSink sink) {
        this.method = method;
        this.sink = sink;
    }

    @Nullable
    Object run(Channel channel, CallOptions options, Frame request) {
        ClientCall<Frame, Frame> started = channel.newCall(method.descriptor(), options);
        call = started;
        started.start(this, new Metadata());
        started.request(WAITING_REPORTS);
        started.sendMessage(request);
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            started.cancel("interrupted", e);
            throw WireErrors.exception(Status.CANCELLED, null, method.label());
        }
        BerthException why = refusal;
        if (why != null) {
            throw why;
        }
        Frame answer = result;
        if (answer == null || !status.isOk()) {
            throw WireErrors.exception(status, trailers, method.label());
        }
        return WireJson.value(answer, method.method().getGenericReturnType());
    }

    @Override
    public void onMessage(Frame frame) {
        if (frame.kind() == Frame.Kind.RESULT) {
            result = frame;
        } else if (frame.kind() == Frame.Kind.PROGRESS && refusal == null) {
            report(frame);
        }
        Objects.requireNonNull(call).request(1);
    }

    private void report(Frame frame) {
        try {
            sink.report((Progress) Objects.requireNonNull(WireJson.value(frame, Progress.class)));
        } catch (BerthException e) {
            refusal = e;
            Objects.requireNonNull(call).sendMessage(Frame.of(Frame.Kind.CANCEL));
        }
    }

    @Override
    public void onClose(Status closed, Metadata with) {
        status = closed;
        trailers = with;
        done.countDown();
    }
}
