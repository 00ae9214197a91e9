package dev.berth.driver.fake;

import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.RecordLogs;
import dev.berth.driver.Subscription;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Record logs of fake containers. */
final class FakeRecordLogs implements RecordLogs {
    private final FakeInstances instances;

    FakeRecordLogs(FakeInstances instances) {
        this.instances = instances;
    }

    @Override
    public List<LogRecord> readLog(UUID id, LogQuery query) {
        instances.behaviour.look("RecordLogs.readLog");
        return instances.require(id).container.records.read(query);
    }

    @Override
    public Subscription followLog(UUID id, LogQuery query, Consumer<LogRecord> listener) {
        instances.behaviour.look("RecordLogs.followLog");
        return instances.require(id).container.records.follow(query, listener);
    }
}
