package dev.berth.driver.lxc;

import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.RecordLogs;
import dev.berth.driver.Subscription;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Reads the records that supervisors write; the newest files first, and no more of them than are needed. */
final class ContainerRecordLogs implements RecordLogs {
    private static final int MOST_RECORDS = 100_000;

    private final Containers containers;
    private final DirectoryWatch watch;

    ContainerRecordLogs(Containers containers, DirectoryWatch watch) {
        this.containers = containers;
        this.watch = watch;
    }

    @Override
    public List<LogRecord> readLog(UUID id, LogQuery query) {
        containers.definition(id);
        Past past = past(containers.files(id), query);
        past.cursor().close();
        return List.copyOf(past.records());
    }

    @Override
    public Subscription followLog(UUID id, LogQuery query, Consumer<LogRecord> listener) {
        containers.definition(id);
        ContainerFiles files = containers.files(id);
        Past past = past(files, query);
        past.records().forEach(listener);
        return LogFollower.begin(watch, files, query, past.cursor(), listener);
    }

    /** The records up to now, and the place behind them. */
    record Past(Deque<LogRecord> records, LogCursor cursor) {}

    static Past past(ContainerFiles files, LogQuery query) {
        int wanted = query.tail() <= 0 ? MOST_RECORDS : Math.min(query.tail(), MOST_RECORDS);
        int count = LogCursor.count(files);
        for (int newest = 1; ; newest++) {
            Deque<LogRecord> records = new ArrayDeque<>();
            LogCursor cursor = LogCursor.ago(files, newest);
            cursor.read(record -> keep(records, wanted, query, record));
            if (records.size() >= wanted || newest >= count) {
                return new Past(records, cursor);
            }
            cursor.close();
        }
    }

    private static void keep(Deque<LogRecord> records, int wanted, LogQuery query, LogRecord record) {
        if (!LogLine.matches(query, record)) {
            return;
        }
        if (records.size() == wanted) {
            records.removeFirst();
        }
        records.add(record);
    }
}
