package dev.berth.wire;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.kernel.BerthException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The calling side of an open console; slow readers and slow writers both hold the other side back. */
final class RemoteConsole extends ClientCall.Listener<Frame> implements ConsoleStream {
    private static final long OPEN_SECONDS = 20;
    private final WireMethod method;
    private final ClientCall<Frame, Frame> call;
    private final ConsoleOutput output;
    private final CompletableFuture<RemoteConsole> opened = new CompletableFuture<>();
    private boolean ended;

    private RemoteConsole(WireMethod method, ClientCall<Frame, Frame> call, ConsoleOutput output) {
        this.method = method;
        this.call = call;
        this.output = output;
    }

    static ConsoleStream open(Channel channel, WireMethod method, Frame request, ConsoleOutput output) {
        ClientCall<Frame, Frame> call = channel.newCall(method.descriptor(), CallOptions.DEFAULT);
        RemoteConsole console = new RemoteConsole(method, call, output);
        call.start(console, new Metadata());
        call.request(1);
        call.sendMessage(request);
        try {
            return console.opened.orTimeout(OPEN_SECONDS, TimeUnit.SECONDS).join();
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
            case RESULT -> opened.complete(this);
            case DATA -> {
                if (!hasEnded()) {
                    output.data(frame.attachments().getFirst());
                }
            }
            case CLOSED -> {
                byte[] why = frame.attachments().getFirst();
                end(why.length == 0 ? null : new String(why, StandardCharsets.UTF_8));
            }
            case ARGUMENTS, PROGRESS, CANCEL, EVENT, RESIZE -> {
                // Nothing that a console brings.
            }
        }
        call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        BerthException failure = WireErrors.exception(status, trailers, method.label());
        opened.completeExceptionally(failure);
        end(status.isOk() ? null : failure.message());
    }

    @Override
    public synchronized void onReady() {
        notifyAll();
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    private void end(@Nullable String reason) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            notifyAll();
        }
        if (opened.isDone() && !opened.isCompletedExceptionally()) {
            output.closed(reason);
        }
    }

    @Override
    public synchronized void write(byte[] data) {
        try {
            while (!ended && !call.isReady()) {
                wait(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!ended) {
            call.sendMessage(new Frame(Frame.Kind.DATA, new byte[0], List.of(data)).checked());
        }
    }

    @Override
    public synchronized void resize(int columns, int rows) {
        if (!ended) {
            call.sendMessage(WireJson.frame(Frame.Kind.RESIZE, int[].class, new int[] {columns, rows}));
        }
    }

    @Override
    public void close() {
        end(null);
        call.cancel("closed", null);
    }
}
