package dev.berth.instance.rest;

import dev.berth.driver.LogRecord;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Log records as server-sent events, with which a browser's {@code EventSource} goes on by itself where a connection broke. Each
 * is JSON. A record has no number of its own, so the id is its time, a digest of what it says, and how many of the same were
 * sent up to it: lines that were written at once have one time.
 */
final class LogEvents implements LogWriter {
    /** When a client tries again. */
    private static final String PRELUDE = "retry: 2000\n\n";

    private static final String IDLE = ": still here\n\n";
    private final @Nullable Position resumed;
    private final Map<String, Integer> sent = new HashMap<>();
    private Instant at = Instant.MIN;
    private boolean caughtUp;

    private LogEvents(@Nullable Position resumed) {
        this.resumed = resumed;
        this.caughtUp = resumed == null;
    }

    /** A record that was sent. */
    private record Position(Instant at, String digest, int number) {
        static Position parse(String id) {
            String[] parts = id.split("/", -1);
            try {
                return new Position(Instant.parse(parts[0]), parts[1], Integer.parseInt(parts[2]));
            } catch (DateTimeException | NumberFormatException | IndexOutOfBoundsException e) {
                throw BerthException.invalid(
                        "Last-Event-ID", "Last-Event-ID is the id of an event that was received from this log.");
            }
        }

        String id() {
            return at + "/" + digest + "/" + number;
        }
    }

    /**
     * Events from the beginning, or after one that the client has.
     *
     * @param lastId what the client sent as {@code Last-Event-ID}
     */
    static LogEvents after(@Nullable String lastId) {
        return new LogEvents(lastId == null || lastId.isEmpty() ? null : Position.parse(lastId));
    }

    /**
     * A stream that ends at once while the node is away. A browser's {@code EventSource} tries again after the end of a stream,
     * but takes any other status than 200 as final.
     */
    static byte[] unavailable(BerthException problem) {
        String data = BerthJson.text(Map.of("code", problem.code().slug(), "detail", problem.message()));
        return (PRELUDE + "event: unavailable\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Not older than this are records that the client lacks; null for all. */
    @Nullable
    Instant since() {
        return resumed == null ? null : resumed.at();
    }

    @Override
    public String type() {
        return MediaType.SERVER_SENT_EVENTS;
    }

    @Override
    public byte[] prelude() {
        return PRELUDE.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] idle() {
        return IDLE.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] line(LogRecord record) {
        Position position = position(record);
        boolean known = !caughtUp
                && !record.at().isAfter(Objects.requireNonNull(resumed).at());
        caughtUp |= !known || position.equals(resumed);
        return known
                ? new byte[0]
                : ("id: " + position.id() + "\ndata: " + BerthJson.text(record) + "\n\n")
                        .getBytes(StandardCharsets.UTF_8);
    }

    private Position position(LogRecord record) {
        if (!record.at().equals(at)) {
            at = record.at();
            sent.clear();
        }
        String digest = Integer.toHexString(Objects.hash(record.stream().name(), record.text()));
        return new Position(at, digest, sent.merge(digest, 1, Integer::sum));
    }
}
