package dev.berth.driver.images;

import dev.berth.driver.ImageSource;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A download. Each hop's host is resolved here, checked, and its addresses are all that {@code curl} may connect to, so a
 * name that changes its address between check and connection gains nothing. When it breaks off it goes on where it was,
 * if the server still has the same file.
 */
final class Download {
    private static final int MOST_HOPS = 5;
    private static final int MOST_TRIES = 5;
    /** A try that brought this much does not count as a failed one. */
    private static final long ADVANCE = 8L << 20;

    private final AddressRules rules;
    private final long maxBytes;
    private final Patience patience;
    private final ProgressSink progress;
    private final long end;

    Download(AddressRules rules, long maxBytes, Patience patience, ProgressSink progress) {
        this.rules = rules;
        this.maxBytes = maxBytes;
        this.patience = patience;
        this.progress = progress;
        this.end = System.nanoTime() + patience.total().toNanos();
    }

    /**
     * How long a server is waited for.
     *
     * @param head to answer a question about the file
     * @param stall to send less than 1 KiB per second
     * @param total for everything
     * @param pause between tries
     */
    record Patience(Duration connect, Duration head, Duration stall, Duration total, Duration pause) {
        static final Patience USUAL = new Patience(
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMinutes(230),
                Duration.ofSeconds(2));
    }

    /** Fetches into a file that does not exist yet. */
    void fetch(String url, Path file) throws IOException {
        URI uri = follow(ImageSource.Url.parse(url));
        String validator = null;
        int failures = 0;
        while (true) {
            if (validator == null) {
                Files.deleteIfExists(file);
            }
            long before = Files.exists(file) ? Files.size(file) : 0;
            Curl.Answer answer = get(uri, file, before, validator);
            long size = Files.exists(file) ? Files.size(file) : 0;
            if (answer.complete(size > 0)) {
                return;
            }
            explain(answer, size);
            validator = answer.sameFileUnlikely() ? null : before == 0 ? answer.validator() : validator;
            failures = size - before >= ADVANCE ? 0 : failures + 1;
            if (failures == MOST_TRIES) {
                throw failed("The download broke off " + MOST_TRIES + " times; the last time " + answer.reason() + ".");
            }
            rest();
        }
    }

    private Curl.Answer get(URI uri, Path file, long from, @Nullable String validator) throws IOException {
        Curl curl = curl(uri);
        long[] length = {-1};
        return curl.get(file, new Curl.Part(from, validator, maxBytes), patience.stall(), left(), () -> {
            if (length[0] < 0) {
                length[0] = curl.expected(file).orElse(-1);
            }
            long size = Files.exists(file) ? Files.size(file) : 0;
            progress.report(Progress.bytes("downloading", size, length[0] < 0 ? 0 : length[0] + from));
            FreeSpace.require(file.resolveSibling("."));
        });
    }

    /** Throws what no further try would change. */
    private void explain(Curl.Answer answer, long size) {
        if (size > maxBytes || answer.tooLarge()) {
            throw tooLarge();
        }
        if (answer.cannotWrite()) {
            throw FreeSpace.exhausted();
        }
        if (System.nanoTime() > end) {
            throw failed("The download took longer than " + patience.total().toMinutes() + " minutes.");
        }
        if (answer.isFinal()) {
            throw failed("The download failed: " + answer.reason() + ".");
        }
    }

    private void rest() {
        long until = System.nanoTime() + patience.pause().toNanos();
        try {
            do {
                progress.report(Progress.stage("waiting for the server"));
                Thread.sleep(Math.min(200, patience.pause().toMillis()));
            } while (System.nanoTime() < until);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The download was interrupted.", e);
        }
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }

    private static String scheme(URI uri) {
        return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    }

    /** Follows redirects by HEAD, checking every hop; a server that knows no HEAD is taken as it is. */
    private URI follow(URI first) throws IOException {
        URI uri = first;
        for (int hop = 0; hop <= MOST_HOPS; hop++) {
            Curl.Head head = curl(uri).head(patience.head(), () -> progress.report(Progress.stage("connecting")));
            if (head.status() != 0) {
                throw failed("The host '" + uri.getHost() + "' does not answer: " + Curl.reason(head.status()) + ".");
            }
            OptionalLong length = head.length();
            if (head.location().isEmpty()) {
                if (length.isPresent() && length.getAsLong() > maxBytes) {
                    throw tooLarge();
                }
                return uri;
            }
            URI next = ImageSource.Url.parse(head.location());
            if (scheme(uri).equals("https") && !scheme(next).equals("https")) {
                throw failed("The server redirects from https to http.");
            }
            uri = next;
        }
        throw failed("The URL redirects more than " + MOST_HOPS + " times.");
    }

    private Curl curl(URI uri) {
        return new Curl(uri, rules.resolve(Pinned.host(uri)), patience.connect());
    }

    private BerthException tooLarge() {
        return BerthException.of(ErrorCode.TOO_LARGE, "The image is larger than the allowed " + maxBytes + " bytes.");
    }

    private static BerthException failed(String why) {
        return BerthException.of(ErrorCode.IMAGE_REFUSED, why);
    }
}
