package dev.berth.driver.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code curl} for one URL, which connects to given addresses only, whatever the URL's host is understood to be. */
final class Curl {
    private static final int HTTP_ERROR = 22;
    private static final int WRITE_ERROR = 23;
    private static final int RANGE_REFUSED = 33;
    private static final int TOO_BIG = 63;
    private static final int FILE_TOO_BIG = 128 + 25;
    private static final int MOST_HEADERS = 64 * 1024;

    private final URI uri;
    private final List<InetAddress> addresses;
    private final Duration connect;

    Curl(URI uri, List<InetAddress> addresses, Duration connect) {
        this.uri = uri;
        this.addresses = addresses;
        this.connect = connect;
    }

    /** What happens while it runs. */
    interface Meanwhile {
        void check() throws IOException;
    }

    /**
     * What of a file is wanted.
     *
     * @param from where to go on
     * @param validator the file has to be the one that this was said of
     * @param most bytes of the whole file
     */
    record Part(long from, @Nullable String validator, long most) {}

    /** The answer to a question about a file; the location is empty unless it redirects. */
    record Head(int status, String location, OptionalLong length) {}

    /**
     * How a download ended.
     *
     * @param status curl's exit status
     * @param code the status of HTTP
     * @param validator names this version of the file; null if the server gives none that can be relied on
     */
    record Answer(int status, int code, @Nullable String validator) {
        boolean complete(boolean anything) {
            return status == 0 && code >= 200 && code < 300 && anything;
        }

        boolean tooLarge() {
            return status == TOO_BIG || status == FILE_TOO_BIG;
        }

        boolean cannotWrite() {
            return status == WRITE_ERROR;
        }

        /** The server has another file now, or knows no ranges. */
        boolean sameFileUnlikely() {
            return status == RANGE_REFUSED || code == 416;
        }

        /** Whether another try would end the same way. */
        boolean isFinal() {
            boolean refused = status == HTTP_ERROR && code < 500 && code != 408 && code != 416 && code != 429;
            boolean odd = status == 0 && code != 416;
            boolean untrusted = status == 35 || status == 51 || status == 58 || status == 60;
            return refused || odd || untrusted;
        }

        String reason() {
            return status == 0 || status == HTTP_ERROR
                    ? "the server answered with status " + code
                    : Curl.reason(status);
        }
    }

    static String reason(int status) {
        return switch (status) {
            case 7 -> "the connection was refused";
            case 18, 56 -> "the connection was cut";
            case 28, 137 -> "it took too long";
            case 35, 51, 58, 60 -> "its certificate cannot be trusted";
            case 52 -> "it sent nothing";
            default -> "curl error " + status;
        };
    }

    Head head(Duration longest, Meanwhile meanwhile) throws IOException {
        List<String> command = command(1 << 20);
        command.addAll(List.of("--head", "-w", "\n%{http_code} %{redirect_url}", "--url", uri.toASCIIString()));
        Program.Result result = run(command, longest, meanwhile);
        String text = result.output();
        String[] last = text.substring(text.lastIndexOf('\n') + 1).split(" ", 2);
        boolean redirect = last.length == 2 && last[0].startsWith("3");
        return new Head(
                result.status(),
                redirect ? last[1].strip() : "",
                last[0].startsWith("2") ? length(text) : OptionalLong.empty());
    }

    /** Fetches into a file, or to its end. */
    Answer get(Path file, Part part, Duration stall, Duration longest, Meanwhile meanwhile) throws IOException {
        List<String> command = command(part.most() == Long.MAX_VALUE ? part.most() : part.most() + 1);
        command.addAll(List.of("--fail", "--max-filesize", Long.toString(part.most())));
        command.addAll(List.of("--speed-limit", "1024", "--speed-time", Long.toString(stall.toSeconds())));
        command.addAll(List.of("--dump-header", headers(file).toString(), "-w", "%{http_code}"));
        String validator = part.validator();
        if (part.from() > 0 && validator != null) {
            command.addAll(List.of("--continue-at", Long.toString(part.from()), "--header", "If-Range: " + validator));
        }
        command.addAll(List.of("--output", file.toString(), "--url", uri.toASCIIString()));
        Program.Result result = run(command, longest, meanwhile);
        String code = result.output().strip();
        Answer answer = new Answer(
                result.status(), code.matches("\\d{3}") ? Integer.parseInt(code) : 0, validator(readHeaders(file)));
        Files.deleteIfExists(headers(file));
        return answer;
    }

    /** Bytes that a download under way will bring, as soon as the server has said it. */
    OptionalLong expected(Path file) throws IOException {
        return length(readHeaders(file));
    }

    private static Program.Result run(List<String> command, Duration longest, Meanwhile meanwhile) throws IOException {
        try {
            return Program.run(command, longest, () -> {
                try {
                    meanwhile.check();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private List<String> command(long mostBytes) {
        List<String> command = new ArrayList<>(List.of("prlimit", "--as=1073741824", "--core=0"));
        command.addAll(List.of("--fsize=" + mostBytes, "--", "curl", "--disable", "--silent", "--globoff"));
        command.addAll(List.of("--connect-timeout", Double.toString(connect.toMillis() / 1000.0)));
        command.addAll(Pinned.arguments(uri, addresses));
        return command;
    }

    private static Path headers(Path file) {
        return file.resolveSibling("headers");
    }

    private static String readHeaders(Path file) throws IOException {
        if (!Files.exists(headers(file))) {
            return "";
        }
        try (InputStream in = Files.newInputStream(headers(file))) {
            return new String(in.readNBytes(MOST_HEADERS), StandardCharsets.ISO_8859_1);
        }
    }

    private static OptionalLong length(String headers) {
        String text = last(headers, "content-length");
        return text != null && text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** What RFC 9110 accepts in If-Range: a strong entity tag, else the date of the last change. */
    private static @Nullable String validator(String headers) {
        String tag = last(headers, "etag");
        return tag != null && tag.startsWith("\"") ? tag : last(headers, "last-modified");
    }

    private static @Nullable String last(String headers, String name) {
        Matcher lines = Pattern.compile("(?mi)^" + Pattern.quote(name) + ":[ \\t]*([\\x20-\\x7e]*?)[ \\t]*\\r?$")
                .matcher(headers);
        return lines.results()
                .map((MatchResult line) -> line.group(1))
                .filter(text -> !text.isEmpty())
                .reduce((earlier, later) -> later)
                .orElse(null);
    }
}
