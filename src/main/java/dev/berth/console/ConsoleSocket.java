package dev.berth.console;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One open console: moves bytes between a WebSocket and a guest, and lets neither side run ahead of the other. Reading from
 * the browser pauses while the guest takes its input; the guest's output blocks while the browser is slow.
 */
final class ConsoleSocket implements ConsoleOutput {
    private static final Logger LOG = Logger.getLogger(ConsoleSocket.class);
    private static final short NORMAL = 1000;
    private static final short BAD_DATA = 1003;
    private static final long SLOWEST_WRITE_SECONDS = 30;
    private final OpenedSession session;
    private final ServerWebSocket socket;
    private final Context context;
    private final Runnable ended;
    private final ExecutorService toGuest;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable ConsoleStream guest;

    ConsoleSocket(OpenedSession session, ServerWebSocket socket, Context context, Runnable ended) {
        this.session = session;
        this.socket = socket;
        this.context = context;
        this.ended = ended;
        this.toGuest = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("console-" + session.id()).factory());
    }

    OpenedSession session() {
        return session;
    }

    /** Connects; on the socket's event loop. */
    void begin(Function<ConsoleSocket, ConsoleStream> connect) {
        socket.closeHandler(gone -> end(null, NORMAL));
        socket.exceptionHandler(e -> end(null, NORMAL));
        socket.binaryMessageHandler(message -> inward(stream -> stream.write(message.getBytes())));
        socket.textMessageHandler(message -> inward(stream ->
                ConsoleProtocol.control(message).ifPresent(resize -> stream.resize(resize.columns(), resize.rows()))));
        socket.pause();
        toGuest.execute(() -> connect(connect));
    }

    private void connect(Function<ConsoleSocket, ConsoleStream> connect) {
        try {
            ConsoleStream stream = connect.apply(this);
            guest = stream;
            if (over.get()) {
                stream.close();
                return;
            }
            socket.writeTextMessage(ConsoleProtocol.OPEN);
            context.runOnContext(v -> socket.resume());
        } catch (RuntimeException e) {
            end(e.getMessage(), NORMAL);
        }
    }

    /** What is done with a guest's stream. */
    private interface Input {
        void to(ConsoleStream stream);
    }

    private void inward(Input input) {
        ConsoleStream stream = guest;
        if (stream == null || over.get()) {
            return;
        }
        socket.pause();
        toGuest.execute(() -> {
            try {
                input.to(stream);
                context.runOnContext(v -> socket.resume());
            } catch (IllegalArgumentException e) {
                end(e.getMessage(), BAD_DATA);
            } catch (RuntimeException e) {
                end("The console does not take input: " + e.getMessage(), NORMAL);
            }
        });
    }

    @Override
    public void data(byte[] data) {
        if (over.get()) {
            return;
        }
        Future<Void> written = socket.writeBinaryMessage(Buffer.buffer(data));
        if (socket.writeQueueFull() && !Context.isOnEventLoopThread()) {
            await(written);
        }
    }

    private void await(Future<Void> written) {
        try {
            written.toCompletionStage().toCompletableFuture().get(SLOWEST_WRITE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end("The console was interrupted.", NORMAL);
        } catch (ExecutionException | TimeoutException e) {
            end("The browser does not read.", NORMAL);
        }
    }

    @Override
    public void closed(@Nullable String reason) {
        end(reason, NORMAL);
    }

    /** Ends it from this side. */
    void end(@Nullable String reason, short code) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        if (!socket.isClosed()) {
            socket.writeTextMessage(ConsoleProtocol.closed(reason)).onComplete(sent -> socket.close(code));
        }
        // Closing may block on the way to the node, and this may be an event loop.
        Thread.ofVirtual().start(this::release);
    }

    private void release() {
        try {
            ConsoleStream stream = guest;
            if (stream != null) {
                stream.close();
            }
        } catch (RuntimeException e) {
            LOG.debugf(e, "closing console %s failed", session.id());
        } finally {
            toGuest.shutdown();
            ended.run();
        }
    }
}
