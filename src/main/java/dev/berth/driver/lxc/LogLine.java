package dev.berth.driver.lxc;

import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** A line of a log in the format of Kubernetes' container runtime interface: {@code TIME stdout|stderr F|P TEXT}. */
final class LogLine {
    private LogLine() {}

    /** Parses a line without its end; empty for what is none, as after a crash of the node. */
    static Optional<LogRecord> parse(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        int stream = text.indexOf(' ');
        int flag = text.indexOf(' ', stream + 1);
        int content = text.indexOf(' ', flag + 1);
        if (stream < 0 || flag < 0 || content < 0) {
            return Optional.empty();
        }
        try {
            Instant at = Instant.parse(text.substring(0, stream));
            LogRecord.Stream from = text.substring(stream + 1, flag).equals("stderr")
                    ? LogRecord.Stream.STDERR
                    : LogRecord.Stream.STDOUT;
            boolean partial = text.substring(flag + 1, content).equals("P");
            return Optional.of(new LogRecord(at, from, text.substring(content + 1), partial));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static boolean matches(LogQuery query, LogRecord record) {
        Instant since = query.since();
        return (since == null || !record.at().isBefore(since))
                && (query.stream() == null || query.stream() == record.stream());
    }
}
