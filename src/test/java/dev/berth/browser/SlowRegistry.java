package dev.berth.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry behind a slow line: what is pulled through it takes long enough to be looked at, and to be cancelled. */
final class SlowRegistry implements AutoCloseable {
    private static final int PORTION = 64 << 10;
    private static final long PAUSE_MILLIS = 100;
    private final HttpServer server;
    private final String behind;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Before the registry of this host. */
    SlowRegistry(String behind) {
        this.behind = behind;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void pass(HttpExchange exchange) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create("http://" + behind + exchange.getRequestURI())
                .toURL()
                .openConnection();
        for (String header : new String[] {"Accept", "Range"}) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                connection.setRequestProperty(header, value);
            }
        }
        exchange.getResponseHeaders().set("Content-Type", String.valueOf(connection.getContentType()));
        try (exchange;
                InputStream in = connection.getInputStream()) {
            exchange.sendResponseHeaders(connection.getResponseCode(), connection.getContentLengthLong());
            copy(in, exchange.getResponseBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException, InterruptedException {
        for (byte[] portion = in.readNBytes(PORTION); portion.length > 0; portion = in.readNBytes(PORTION)) {
            out.write(portion);
            out.flush();
            if (portion.length == PORTION) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
