package dev.berth.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.json.BerthJson;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is spoken on a console's socket: binary frames are data, text frames are JSON control.
 *
 * <pre>
 *  client → server   {"type":"resize","columns":80,"rows":24}
 *  server → client   {"type":"open"}                          after the scrollback, when input goes to the guest
 *                    {"type":"closed","reason":"…"}           the last frame
 * </pre>
 */
final class ConsoleProtocol {
    static final String NAME = "berth.console.v1";
    static final String OPEN = "{\"type\":\"open\"}";
    private static final String TICKET = "ticket.";
    private static final int MOST_COLUMNS = 1000;

    private ConsoleProtocol() {}

    /** A change of a terminal's size. */
    record Resize(int columns, int rows) {}

    /** The ticket among the subprotocols that a client offers; empty unless it speaks this protocol. */
    static Optional<String> ticket(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        List<String> offered =
                Arrays.stream(header.split(",")).map(String::strip).toList();
        return offered.contains(NAME)
                ? offered.stream()
                        .filter(name -> name.startsWith(TICKET))
                        .map(name -> name.substring(TICKET.length()))
                        .findFirst()
                : Optional.empty();
    }

    /** Reads a control frame; empty for types of a later version, an exception for what is no control frame at all. */
    static Optional<Resize> control(String text) {
        JsonNode message;
        try {
            message = BerthJson.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Text frames hold JSON.", e);
        }
        if (message == null || !message.path("type").isTextual()) {
            throw new IllegalArgumentException("A control frame has a type.");
        }
        if (!message.path("type").asText().equals("resize")) {
            return Optional.empty();
        }
        int columns = message.path("columns").asInt();
        int rows = message.path("rows").asInt();
        if (columns < 1 || rows < 1 || columns > MOST_COLUMNS || rows > MOST_COLUMNS) {
            throw new IllegalArgumentException("columns and rows are from 1 to " + MOST_COLUMNS + ".");
        }
        return Optional.of(new Resize(columns, rows));
    }

    static String closed(@Nullable String reason) {
        Map<String, String> message = new LinkedHashMap<>();
        message.put("type", "closed");
        message.put("reason", reason == null ? "The console has ended." : reason);
        return BerthJson.mapper().valueToTree(message).toString();
    }
}
