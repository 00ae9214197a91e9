package dev.berth.wire;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.kernel.BerthException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The serving side of an open console.
 *
 * <p>Output waits while the caller is slow. Input is asked for piece by piece and written by a thread of its own: a guest that
 * takes none holds the caller back, and the caller can still hang up. So memory stays bounded in both directions.
 */
final class ServedConsole implements StreamObserver<Frame>, ConsoleOutput {
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    private final WireMethod method;
    private final DriverEndpoint endpoint;
    private final ServerCallStreamObserver<Frame> out;
    private final Lanes lanes;
    private final CompletableFuture<ConsoleStream> stream = new CompletableFuture<>();
    private final ExecutorService input = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("console-input-", 0).factory());
    private boolean ended;

    ServedConsole(WireMethod method, DriverEndpoint endpoint, ServerCallStreamObserver<Frame> out, Lanes lanes) {
        this.method = method;
        this.endpoint = endpoint;
        this.out = out;
        this.lanes = lanes;
        out.setOnReadyHandler(this::wake);
        out.setOnCancelHandler(this::hangUp);
        out.disableAutoRequest();
        out.request(1);
    }

    private synchronized void wake() {
        notifyAll();
    }

    @Override
    public void onNext(Frame frame) {
        try {
            switch (frame.kind()) {
                case ARGUMENTS -> lanes.of(method).execute(() -> open(frame));
                case DATA, RESIZE -> input.execute(() -> take(frame));
                case PROGRESS, RESULT, CANCEL, EVENT, CLOSED -> {
                    // Nothing that a console's caller sends.
                }
            }
        } catch (RejectedExecutionException e) {
            DriverEndpoint.fail(out, DriverEndpoint.busy(), method);
        }
    }

    private void open(Frame arguments) {
        try {
            Object opened = endpoint.invoke(method, arguments, this);
            stream.complete((ConsoleStream) Objects.requireNonNull(opened));
            send(Frame.of(Frame.Kind.RESULT));
            out.request(1);
        } catch (RuntimeException e) {
            stream.completeExceptionally(e);
            synchronized (this) {
                ended = true;
            }
            DriverEndpoint.fail(out, e, method);
        }
    }

    /** Hands input on; only then is the next piece asked for. */
    private void take(Frame frame) {
        try {
            ConsoleStream console = stream.join();
            if (frame.kind() == Frame.Kind.DATA) {
                console.write(frame.attachments().getFirst());
            } else {
                int[] size = (int[]) Objects.requireNonNull(WireJson.value(frame, int[].class));
                console.resize(size[0], size[1]);
            }
            out.request(1);
        } catch (RuntimeException e) {
            closed(e instanceof BerthException known ? known.message() : "The console took no more input.");
            hangUp();
        }
    }

    @Override
    public void data(byte[] data) {
        send(new Frame(Frame.Kind.DATA, new byte[0], List.of(data)));
    }

    private void send(Frame frame) {
        if (!sent(frame)) {
            closed("The console was not read for " + LONGEST_WAIT_MILLIS / 1000 + " seconds.");
            hangUp();
        }
    }

    /** False if the caller did not take it in time. */
    private synchronized boolean sent(Frame frame) {
        long end = System.currentTimeMillis() + LONGEST_WAIT_MILLIS;
        try {
            while (!ended && !out.isCancelled() && !out.isReady()) {
                long left = end - System.currentTimeMillis();
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
        if (!ended && !out.isCancelled()) {
            out.onNext(frame);
        }
        return true;
    }

    @Override
    public synchronized void closed(@Nullable String reason) {
        if (!ended && !out.isCancelled()) {
            ended = true;
            byte[] why = reason == null ? new byte[0] : reason.getBytes(StandardCharsets.UTF_8);
            out.onNext(new Frame(Frame.Kind.CLOSED, new byte[0], List.of(why)));
            out.onCompleted();
        }
        input.shutdown();
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
        input.shutdown();
        stream.thenAccept(ConsoleStream::close);
    }
}
