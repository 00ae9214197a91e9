package dev.berth.driver.lxc;

import dev.berth.driver.LogQuery;
import dev.berth.driver.Logs;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** The log as plain text, as a terminal would have shown it. */
final class ContainerLogs implements Logs {
    private static final int MOST_BYTES = 4 << 20;
    private static final LogQuery ALL = new LogQuery(null, 0, null);

    private final ContainerRecordLogs records;

    ContainerLogs(ContainerRecordLogs records) {
        this.records = records;
    }

    @Override
    public byte[] tailLog(UUID id, int maxBytes) {
        StringBuilder text = new StringBuilder();
        records.readLog(id, ALL).forEach(record -> text.append(record.text()).append(record.partial() ? "" : "\n"));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, Math.min(maxBytes, MOST_BYTES));
        return Arrays.copyOfRange(bytes, bytes.length - length, bytes.length);
    }
}
