package dev.berth.driver;

import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Keeps what an instance's process wrote as records with time and stream, across restarts, within a limit. */
public interface RecordLogs extends DriverCapability {
    List<LogRecord> readLog(UUID id, LogQuery query);

    /** The records of a query, and then new ones as they come, until the subscription is closed or the instance is gone. */
    @Deadline(seconds = 0)
    Subscription followLog(UUID id, LogQuery query, Consumer<LogRecord> listener);
}
