package dev.berth.instance.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.driver.LogRecord;
import dev.berth.json.BerthJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Log records as lines: of text, or of JSON with time and stream. */
record LogWriter(boolean json) {
    byte[] line(LogRecord record) {
        if (!json) {
            return (record.partial() ? record.text() : record.text() + "\n").getBytes(StandardCharsets.UTF_8);
        }
        try {
            return (BerthJson.mapper().writeValueAsString(record) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    byte[] all(List<LogRecord> records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        records.forEach(record -> bytes.writeBytes(line(record)));
        return bytes.toByteArray();
    }
}
