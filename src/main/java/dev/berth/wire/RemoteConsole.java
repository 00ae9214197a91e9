package dev.berth.wire;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.kernel.BerthException;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calling side of an open console; slow readers and slow writers both hold the other side back. */
final class RemoteConsole extends ClientCall.Listener<Frame> implements ConsoleStream {
    private static final long OPEN_SECONDS = 20;
    private final WireMethod method;
    private final ClientCall<Frame, Frame> call;
    private final ConsoleOutput output;
    private final Opening<RemoteConsole> opening;
    private boolean ended;

    private RemoteConsole(WireMethod method, Opening<RemoteConsole> opening, ConsoleOutput output) {
        this.method = method;
        this.call = opening.call();
        this.opening = opening;
        this.output = output;
    }

    static ConsoleStream open(Channel channel, WireMethod method, Frame request, ConsoleOutput output) {
        Opening<RemoteConsole> opening = new Opening<>(channel, method);
        return opening.await(new RemoteConsole(method, opening, output), request, OPEN_SECONDS);
    }

    @Override
    public void onMessage(Frame frame) {
        switch (frame.kind()) {
            case RESULT -> opening.begun(this);
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
        opening.failed(failure);
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
        if (opening.hasBegun()) {
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
