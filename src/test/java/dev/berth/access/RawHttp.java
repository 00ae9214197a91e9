package dev.berth.access;

import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request byte by byte, for addresses and headers that no client library would send. */
final class RawHttp {
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: (\\d+)\r?$");

    private RawHttp() {}

    /** Sends a request without a body and returns the whole answer as text. */
    static String send(String method, String target, List<String> headers) {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        request.append("Host: localhost:").append(RestAssured.port).append("\r\n");
        headers.forEach(header -> request.append(header).append("\r\n"));
        if (headers.stream().noneMatch(header -> header.startsWith("Connection:"))) {
            request.append("Connection: close\r\n");
        }
        request.append("\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return answer(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything up to the end of the connection, or of an upgrade's answer. */
    private static String answer(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8192];
        while (true) {
            int count = in.read(buffer);
            if (count < 0) {
                return text.toString();
            }
            text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            if (complete(text.toString())) {
                return text.toString();
            }
        }
    }

    private static boolean complete(String answer) {
        int head = answer.indexOf("\r\n\r\n");
        Matcher length = LENGTH.matcher(answer);
        return head > 0
                && (answer.startsWith("HTTP/1.1 101")
                        || length.find() && answer.length() - head - 4 >= Integer.parseInt(length.group(1)));
    }

    static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }
}
