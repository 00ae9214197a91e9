package dev.berth.driver.fake;

import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.Subscription;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The record log of a fake container: the newest records, and whoever follows them. */
final class FakeRecords {
    private static final int LIMIT = 10_000;
    private static final int MOST = 100_000;
    private final Deque<LogRecord> records = new ArrayDeque<>();
    private final Set<Consumer<LogRecord>> followers = new LinkedHashSet<>();

    /** Adds each line of a text. */
    synchronized void add(Instant at, LogRecord.Stream stream, String text) {
        text.lines().forEach(line -> add(new LogRecord(at, stream, line, false)));
    }

    private void add(LogRecord record) {
        records.addLast(record);
        if (records.size() > LIMIT) {
            records.removeFirst();
        }
        List.copyOf(followers).forEach(follower -> follower.accept(record));
    }

    synchronized List<LogRecord> read(LogQuery query) {
        List<LogRecord> matching =
                records.stream().filter(record -> wanted(query, record)).toList();
        int most = query.tail() == 0 ? MOST : Math.min(query.tail(), MOST);
        return List.copyOf(matching.subList(Math.max(0, matching.size() - most), matching.size()));
    }

    /** The records of a query, then new ones; without a gap between them. */
    synchronized Subscription follow(LogQuery query, Consumer<LogRecord> listener) {
        Consumer<LogRecord> follower = record -> {
            if (wanted(query, record)) {
                listener.accept(record);
            }
        };
        read(query).forEach(listener);
        followers.add(follower);
        return new Subscription() {
            @Override
            public void close() {
                leave(follower);
            }

            @Override
            public boolean isOpen() {
                return follows(follower);
            }
        };
    }

    private synchronized boolean follows(Consumer<LogRecord> follower) {
        return followers.contains(follower);
    }

    /** Ends all flows; the container is gone. */
    synchronized void end() {
        followers.clear();
    }

    private synchronized void leave(Consumer<LogRecord> follower) {
        followers.remove(follower);
    }

    private static boolean wanted(LogQuery query, LogRecord record) {
        Instant since = query.since();
        return (since == null || !record.at().isBefore(since))
                && (query.stream() == null || query.stream() == record.stream());
    }
}
