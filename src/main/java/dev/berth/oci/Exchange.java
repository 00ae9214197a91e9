package dev.berth.oci;

import dev.berth.driver.images.Pinned;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request to a web server and its answer, by {@code curl}, which connects to given addresses only. URL and headers reach it
 * through a pipe, so that no other process of the host can see credentials.
 */
final class Exchange implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    private static final int MOST_HEADERS = 64 << 10;
    private final Process process;
    private final InputStream body;
    private final int status;
    private final Map<String, String> headers = new TreeMap<>();

    /**
     * A request.
     *
     * @param body file that is sent, or null
     */
    record Request(
            String method,
            URI uri,
            Map<String, String> headers,
            @Nullable Path body) {
        Request {
            headers = Map.copyOf(headers);
        }

        static Request get(URI uri, Map<String, String> headers) {
            return new Request("GET", uri, headers, null);
        }
    }

    /** The server could not be reached, or broke off; another try may help unless it is final. */
    static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;
        private static final int NO_TLS = 35;
        private final int status;

        Broken(int status) {
            super(
                    switch (status) {
                        case 6 -> "its name cannot be resolved";
                        case 7 -> "the connection was refused";
                        case 18, 56 -> "the connection was cut";
                        case 28 -> "it took too long";
                        case NO_TLS -> "it speaks no TLS; a registry without TLS has to be allowed as plain HTTP";
                        case 51, 58, 60 -> "its certificate cannot be trusted";
                        case 52 -> "it sent nothing";
                        default -> "curl error " + status;
                    });
            this.status = status;
        }

        boolean isFinal() {
            return noTls() || status == 51 || status == 58 || status == 60;
        }

        boolean noTls() {
            return status == NO_TLS;
        }
    }

    private Exchange(Process process) throws IOException {
        this.process = process;
        this.body = new BufferedInputStream(process.getInputStream(), BUFFER);
        int code = readHead();
        while (code >= 100 && code < 200) {
            code = readHead();
        }
        this.status = code;
    }

    /** Sends a request and reads the head of the answer. */
    static Exchange send(Request request, List<InetAddress> addresses) throws IOException {
        List<String> command = new ArrayList<>(List.of("prlimit", "--as=1073741824", "--core=0", "--", "curl"));
        command.addAll(List.of("--disable", "--silent", "--globoff", "--include", "--config", "-"));
        command.addAll(List.of("--connect-timeout", "15", "--speed-limit", "1024", "--speed-time", "60"));
        command.addAll(Pinned.arguments(request.uri(), addresses));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.startsWith("SSL_CERT_"));
        Process process = builder.start();
        try {
            try (OutputStream out = process.getOutputStream()) {
                out.write(configuration(request).getBytes(StandardCharsets.UTF_8));
            }
            return new Exchange(process);
        } catch (IOException | RuntimeException e) {
            end(process);
            throw e;
        }
    }

    private static String configuration(Request request) {
        StringBuilder text = new StringBuilder();
        line(text, "url", request.uri().toASCIIString());
        Path file = request.body();
        if (file != null) {
            line(text, "upload-file", file.toString());
        } else if (request.method().equals("HEAD")) {
            text.append("head\n");
        } else if (request.method().equals("POST")) {
            line(text, "data-binary", "");
            line(text, "header", "Content-Type:");
        }
        if (!request.method().equals("HEAD")) {
            line(text, "request", request.method());
        }
        line(text, "header", "Expect:");
        request.headers().forEach((name, value) -> line(text, "header", name + ": " + value));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        if (value.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("a control character in " + name);
        }
        text.append(name)
                .append(" = \"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                .append("\"\n");
    }

    private int readHead() throws IOException {
        headers.clear();
        String line = readLine();
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[0-9]{3}")) {
            finish();
            throw new IOException("its answer cannot be understood");
        }
        int total = 0;
        for (String header = readLine(); !header.isEmpty(); header = readLine()) {
            int colon = header.indexOf(':');
            total += header.length();
            if (colon > 0 && total < MOST_HEADERS) {
                headers.putIfAbsent(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
        }
        return Integer.parseInt(words[1]);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = body.read();
        while (next >= 0 && next != '\n' && line.length() < MOST_HEADERS) {
            if (next != '\r') {
                line.append((char) next);
            }
            next = body.read();
        }
        return line.toString();
    }

    int status() {
        return status;
    }

    /** A header of the answer; empty if it is not there. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    InputStream body() {
        return body;
    }

    /** The whole body; one that is longer is an error. */
    byte[] content(int most) throws IOException {
        byte[] content = body.readNBytes(most + 1);
        if (content.length > most) {
            throw Limits.refused("The registry answered with more than " + most + " bytes where a document belongs.");
        }
        finish();
        return content;
    }

    /** Makes sure that all of the answer has arrived. */
    void finish() throws IOException {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new Broken(28);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new Broken(process.exitValue());
        }
    }

    @Override
    public void close() {
        end(process);
    }

    private static void end(Process process) {
        process.destroyForcibly();
    }
}
