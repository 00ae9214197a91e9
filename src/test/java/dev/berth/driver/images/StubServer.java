package dev.berth.driver.images;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that answers as a test tells it to, byte by byte, also wrongly. */
public final class StubServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Site site;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private StubServer(ServerSocket socket, Site site) {
        this.socket = socket;
        this.site = site;
    }

    /** Answers a request on a connection, which is closed afterwards. */
    @FunctionalInterface
    public interface Site {
        void answer(Request request, OutputStream out) throws Exception;
    }

    public record Request(String method, String path, Map<String, String> headers) {
        public boolean head() {
            return method.equals("HEAD");
        }

        /** Where a Range header begins; 0 without one. */
        public int from() {
            String range = headers.getOrDefault("range", "bytes=0-");
            return Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
        }
    }

    public static StubServer start(Site site) throws IOException {
        StubServer server = new StubServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), site);
        Thread.ofPlatform().daemon().name("stub-server").start(server::accept);
        return server;
    }

    /** One that has a file, knows ranges and an entity tag. */
    public static StubServer serving(byte[] file) throws IOException {
        return start((request, out) -> send(out, "200 OK", file, request.from(), "ETag: \"v1\"", request.head()));
    }

    public static void send(OutputStream out, String status, byte[] file, int from, String header, boolean head)
            throws IOException {
        String line = from > 0
                ? "206 Partial Content\r\nContent-Range: bytes " + from + "-" + (file.length - 1) + "/" + file.length
                : status;
        head(out, line, "Content-Length: " + (file.length - from), header);
        if (!head) {
            out.write(file, from, file.length - from);
        }
    }

    public static void head(OutputStream out, String status, String... headers) throws IOException {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + "\r\nConnection: close\r\n");
        for (String header : headers) {
            text.append(header).append(header.isEmpty() ? "" : "\r\n");
        }
        text.append("\r\n");
        out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofPlatform().daemon().name("stub-answer").start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            String[] first = String.valueOf(in.readLine()).split(" ");
            Map<String, String> headers = new TreeMap<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                String[] parts = line.split(": ", 2);
                headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
            }
            Request request = new Request(first[0], first[1], headers);
            requests.add(request);
            site.answer(request, connection.getOutputStream());
        } catch (Exception e) {
            // The client went away, or the test meant to cut it off.
        }
    }

    public List<Request> requests() {
        return requests;
    }

    public List<Request> gets() {
        return requests.stream().filter(request -> !request.head()).toList();
    }

    public int port() {
        return socket.getLocalPort();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
