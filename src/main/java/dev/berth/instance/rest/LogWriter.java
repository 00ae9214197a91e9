package dev.berth.instance.rest;

import dev.berth.driver.LogRecord;
import dev.berth.json.BerthJson;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How log records are written, each when its turn comes. */
interface LogWriter {
    String NDJSON = "application/x-ndjson";

    /** The media type. */
    String type();

    byte[] line(LogRecord record);

    /** What comes before the first record. */
    default byte[] prelude() {
        return new byte[0];
    }

    /** What tells the other side, while nothing is said, that the connection stands. */
    default byte[] idle() {
        return new byte[0];
    }

    default byte[] all(List<LogRecord> records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        records.forEach(record -> bytes.writeBytes(line(record)));
        return bytes.toByteArray();
    }

    /** Lines as they were said. */
    record Text() implements LogWriter {
        @Override
        public String type() {
            return MediaType.TEXT_PLAIN;
        }

        @Override
        public byte[] line(LogRecord record) {
            return (record.partial() ? record.text() : record.text() + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /** A JSON object in each line, with time and stream. */
    record Json() implements LogWriter {
        @Override
        public String type() {
            return NDJSON;
        }

        @Override
        public byte[] line(LogRecord record) {
            return (BerthJson.text(record) + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }
}
