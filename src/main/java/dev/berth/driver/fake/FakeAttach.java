package dev.berth.driver.fake;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.ProcessSpec;
import dev.berth.driver.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;

/** Streams of a fake container's own process: what it writes is shown, and lines that it is sent it writes again. */
final class FakeAttach implements ConsoleStream {
    private final FakeInstance instance;
    private final ConsoleOutput output;
    private final Clock clock;
    private final Subscription records;
    private final StringBuilder line = new StringBuilder();
    private final AtomicBoolean closed = new AtomicBoolean();

    private FakeAttach(FakeInstance instance, ConsoleOutput output, Clock clock) {
        this.instance = instance;
        this.output = output;
        this.clock = clock;
        this.records = instance.container.records.follow(new LogQuery(clock.instant(), 0, null), this::show);
    }

    static FakeAttach open(FakeInstance instance, ConsoleOutput output, Clock clock) {
        return new FakeAttach(instance, output, clock);
    }

    private void show(LogRecord record) {
        output.data((record.text() + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void write(byte[] data) {
        ProcessSpec process = ((ContainerSpec) instance.definition().spec()).process();
        if (process == null || !process.stdin() || closed.get()) {
            return;
        }
        for (char c : new String(data, StandardCharsets.UTF_8).toCharArray()) {
            if (c == '\r' || c == '\n') {
                instance.container.records.add(clock.instant(), LogRecord.Stream.STDOUT, line + "\n");
                line.setLength(0);
            } else {
                line.append(c);
            }
        }
    }

    @Override
    public void resize(int columns, int rows) {
        // The fake process looks the same at any size.
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            records.close();
            output.closed(null);
        }
    }
}
