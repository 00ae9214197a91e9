package dev.berth.wire;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The serving side of an open console. Output waits while the caller is slow, so memory stays bounded. */
final class ServedConsole implements StreamObserver<Frame>, ConsoleOutput {
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    private final WireMethod method;
    private final DriverEndpoint endpoint;
    private final ServerCallStreamObserver<Frame> out;
    private final Lanes lanes;
    private final CompletableFuture<ConsoleStream> stream = new CompletableFuture<>();
    private boolean ended;

    ServedConsole(WireMethod method, DriverEndpoint endpoint, ServerCallStreamObserver<Frame> out, Lanes lanes) {
        this.method = method;
        this.endpoint = endpoint;
        this.out = out;
        this.lanes = lanes;
        out.setOnReadyHandler(this::wake);
        out.setOnCancelHandler(this::hangUp);
    }

    private synchronized void wake() {
        notifyAll();
    }

    @Override
    public void onNext(Frame frame) {
        switch (frame.kind()) {
            case ARGUMENTS -> lanes.of(method).execute(() -> open(frame));
            case DATA -> stream.join().write(frame.attachments().getFirst());
            case RESIZE -> {
                int[] size = (int[]) java.util.Objects.requireNonNull(WireJson.value(frame, int[].class));
                stream.join().resize(size[0], size[1]);
            }
            case PROGRESS, RESULT, CANCEL, EVENT, CLOSED -> {
                // Nothing that a console's caller sends.
            }
        }
    }

    private void open(Frame arguments) {
        try {
            Object opened = endpoint.invoke(method, arguments, this);
            stream.complete((ConsoleStream) java.util.Objects.requireNonNull(opened));
            send(Frame.of(Frame.Kind.RESULT));
        } catch (RuntimeException e) {
            stream.completeExceptionally(e);
            synchronized (this) {
                ended = true;
            }
            DriverEndpoint.fail(out, e, method);
        }
    }

    @Override
    public void data(byte[] data) {
        send(new Frame(Frame.Kind.DATA, new byte[0], List.of(data)));
    }

    private synchronized void send(Frame frame) {
        long end = System.currentTimeMillis() + LONGEST_WAIT_MILLIS;
        try {
            while (!ended && !out.isCancelled() && !out.isReady()) {
                long left = end - System.currentTimeMillis();
                if (left <= 0) {
                    hangUp();
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!ended && !out.isCancelled()) {
            out.onNext(frame);
        }
    }

    @Override
    public synchronized void closed(@Nullable String reason) {
        if (!ended && !out.isCancelled()) {
            ended = true;
            byte[] why = reason == null ? new byte[0] : reason.getBytes(StandardCharsets.UTF_8);
            out.onNext(new Frame(Frame.Kind.CLOSED, new byte[0], List.of(why)));
            out.onCompleted();
        }
        notifyAll();
    }

    @Override
    public void onError(Throwable failure) {
        hangUp();
    }

    @Override
    public void onCompleted() {
        hangUp();
    }

    private void hangUp() {
        wake();
        stream.thenAccept(ConsoleStream::close);
    }
}
