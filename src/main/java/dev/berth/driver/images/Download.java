package dev.berth.driver.images;

import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A download by {@code curl}: each hop's host is resolved here, checked, and pinned with {@code --resolve}, so that a name
 * that changes its address between check and connection gains nothing. Resumed when it breaks off.
 */
final class Download {
    private static final int MOST_HOPS = 5;
    private static final int MOST_TRIES = 5;
    private static final int HTTP_ERROR = 22;
    private static final int RANGE_REFUSED = 33;
    private static final int TOO_BIG = 63;
    private static final Pattern LENGTH = Pattern.compile("(?mi)^content-length:\\s*(\\d+)\\s*$");
    private final boolean allowPrivate;
    private final long maxBytes;
    private final ProgressSink progress;

    Download(boolean allowPrivate, long maxBytes, ProgressSink progress) {
        this.allowPrivate = allowPrivate;
        this.maxBytes = maxBytes;
        this.progress = progress;
    }

    private record Target(URI uri, long length) {}

    /** Fetches into a file that does not exist yet. */
    void fetch(String url, Path file) throws IOException {
        Target target = follow(check(url));
        for (int attempt = 1; ; attempt++) {
            int status = get(target, file);
            if (status == 0) {
                return;
            }
            if (status == TOO_BIG || (Files.exists(file) && Files.size(file) > maxBytes)) {
                throw tooLarge();
            }
            if (status == HTTP_ERROR) {
                throw failed("The server refused the download.");
            }
            if (status == RANGE_REFUSED) {
                Files.deleteIfExists(file);
            }
            if (attempt == MOST_TRIES) {
                throw failed("The download broke off " + MOST_TRIES + " times (curl error " + status + ").");
            }
        }
    }

    static URI check(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw BerthException.invalid("/url", "The URL cannot be read.");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw BerthException.invalid("/url", "Images are downloaded by http or https only.");
        }
        if (uri.getHost() == null || uri.getUserInfo() != null) {
            throw BerthException.invalid("/url", "The URL needs a host, and no user name or password in it.");
        }
        return uri;
    }

    /** Follows redirects by HEAD, checking every hop; a server that knows no HEAD is taken as it is. */
    private Target follow(URI first) throws IOException {
        URI uri = first;
        for (int hop = 0; hop <= MOST_HOPS; hop++) {
            Output output =
                    run(command(uri, List.of("--head", "--max-time", "30", "-w", "\n%{http_code} %{redirect_url}")));
            String[] last =
                    output.text().substring(output.text().lastIndexOf('\n') + 1).split(" ", 2);
            if (output.status() != 0) {
                throw failed("The host '" + uri.getHost() + "' does not answer (curl error " + output.status() + ").");
            }
            if (!last[0].startsWith("3") || last.length < 2 || last[1].isBlank()) {
                Matcher length = LENGTH.matcher(output.text());
                return new Target(uri, last[0].startsWith("2") && length.find() ? Long.parseLong(length.group(1)) : -1);
            }
            uri = check(last[1].strip());
        }
        throw failed("The URL redirects more than " + MOST_HOPS + " times.");
    }

    private int get(Target target, Path file) throws IOException {
        if (target.length() > maxBytes) {
            throw tooLarge();
        }
        List<String> command = command(
                target.uri(),
                List.of(
                        "--fail",
                        "--max-filesize",
                        Long.toString(maxBytes),
                        "--continue-at",
                        "-",
                        "--speed-limit",
                        "1",
                        "--speed-time",
                        "60",
                        "--output",
                        file.toString(),
                        "-w",
                        "%{http_code}"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            while (!process.waitFor(250, TimeUnit.MILLISECONDS)) {
                long size = Files.exists(file) ? Files.size(file) : 0;
                if (size > maxBytes) {
                    throw tooLarge();
                }
                progress.report(Progress.bytes("downloading", size, target.length()));
            }
            String code =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
            if (process.exitValue() == 0 && !code.strip().startsWith("2")) {
                throw failed("The server answered with status " + code.strip() + " instead of the file.");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The download was interrupted.");
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> command(URI uri, List<String> options) {
        String host = uri.getHost();
        InetAddress address = AddressRules.resolve(host.replaceAll("[\\[\\]]", ""), allowPrivate);
        int port = uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        List<String> command = new ArrayList<>(List.of(
                "prlimit",
                "--as=1073741824",
                "--core=0",
                "--",
                "curl",
                "--disable",
                "--silent",
                "--proto",
                "=http,https",
                "--noproxy",
                "*",
                "--connect-timeout",
                "15",
                "--max-redirs",
                "0"));
        String pinned = address.getHostAddress();
        command.add("--resolve");
        command.add(host.replaceAll("[\\[\\]]", "") + ":" + port + ":"
                + (pinned.contains(":") ? "[" + pinned + "]" : pinned));
        command.addAll(options);
        command.add("--url");
        command.add(uri.toASCIIString());
        return command;
    }

    private record Output(int status, String text) {}

    private static Output run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            byte[] text = process.getInputStream().readNBytes(64 * 1024);
            return new Output(process.waitFor(), new String(text, java.nio.charset.StandardCharsets.ISO_8859_1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The download was interrupted.");
        } finally {
            process.destroyForcibly();
        }
    }

    private BerthException tooLarge() {
        return BerthException.of(ErrorCode.TOO_LARGE, "The image is larger than the allowed " + maxBytes + " bytes.");
    }

    private static BerthException failed(String why) {
        return BerthException.of(ErrorCode.IMAGE_REFUSED, why);
    }
}
