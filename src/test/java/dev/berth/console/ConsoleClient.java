package dev.berth.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A console as a program opens it. */
public final class ConsoleClient implements WebSocket.Listener {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final StringBuilder control = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private @Nullable WebSocket socket;

    /** Connects, or throws {@link Refused}. */
    public static ConsoleClient open(URI address, String ticket, String token, @Nullable String origin) {
        ConsoleClient client = new ConsoleClient();
        WebSocket.Builder builder = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .subprotocols("berth.console.v1", "ticket." + ticket)
                .header("Authorization", "Bearer " + token);
        if (origin != null) {
            builder.header("Origin", origin);
        }
        try {
            client.socket = builder.buildAsync(address, client).join();
            return client;
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new Refused(refused.getResponse().statusCode());
            }
            throw e;
        }
    }

    /** The server did not upgrade. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int status;

        Refused(int status) {
            super("refused with " + status);
            this.status = status;
        }
    }

    /** The console was closed from the other side. */
    public static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Closed(String why) {
            super(why);
        }
    }

    /** Types, or throws {@link Closed}. */
    public void type(String text) {
        send(socket -> socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true));
    }

    void control(String text) {
        send(socket -> socket.sendText(text, true));
    }

    /** The other side may have closed since anybody looked. */
    private void send(Function<WebSocket, CompletableFuture<WebSocket>> message) {
        try {
            message.apply(Objects.requireNonNull(socket)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException) {
                throw new Closed(e.getCause().getMessage() + " " + control());
            }
            throw e;
        }
    }

    public synchronized String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    public synchronized String control() {
        return control.toString();
    }

    /** The close code, waited for. */
    public int closed(Duration patience) {
        return closed.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    public boolean isClosed() {
        return closed.isDone();
    }

    public void close() {
        if (!isClosed()) {
            Objects.requireNonNull(socket)
                    .sendClose(1000, "")
                    .exceptionally(gone -> null)
                    .join();
        }
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        said.writeBytes(bytes);
        from.request(1);
        return null;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        control.append(data);
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }
}
