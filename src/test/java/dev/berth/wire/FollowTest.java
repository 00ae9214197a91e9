package dev.berth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.CollectedOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.ProcessSpec;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RecordLogs;
import dev.berth.driver.Subscription;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Followed logs and executed commands of containers over each kind of wire. */
@ParameterizedClass
@EnumSource
class FollowTest {
    private static final LogQuery ALL = new LogQuery(null, 0, null);
    private final Wire wire;
    private final FakeNode fake = new FakeNode(FakeBehaviour.instant(), Clock.systemUTC());
    private final UUID id = UUID.randomUUID();

    @TempDir
    private Path directory;

    private Wire.@Nullable Link link;
    private @Nullable RemoteNode remote;

    FollowTest(Wire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void connect() {
        Wire.Link opened = wire.link(directory);
        opened.serve(fake);
        link = opened;
        remote = new RemoteNode(opened.address().connect());
        ProcessSpec process = new ProcessSpec(List.of("server"), List.of(), null, null, null, false, true);
        driver().define(
                        new InstanceDefinition(
                                id,
                                "c1",
                                "p",
                                new CpuCount(1),
                                new CpuCount(1),
                                DataSize.ofMebibytes(64),
                                DataSize.ofMebibytes(64),
                                List.of(),
                                List.of(),
                                List.of(),
                                ContainerSpec.app(process)),
                        ProgressSink.NONE);
        driver().start(id);
    }

    @AfterEach
    void disconnect() {
        Objects.requireNonNull(remote).close();
        Objects.requireNonNull(link).close();
        fake.close();
    }

    private InstanceDriver driver() {
        return Objects.requireNonNull(remote).instances(InstanceKind.CONTAINER);
    }

    /** Makes the process write a line. */
    private void say(String line) {
        try (ConsoleStream attached = fake.instances(InstanceKind.CONTAINER)
                .require(dev.berth.driver.Consoles.class)
                .openConsole(id, dev.berth.driver.ConsoleKind.ATTACH, new CollectedOutput())) {
            attached.write((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    private static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void aFollowedLogBringsWhatIsThereAndThenWhatComes() throws InterruptedException {
        List<LogRecord> heard = new CopyOnWriteArrayList<>();
        try (Subscription follow = driver().require(RecordLogs.class).followLog(id, ALL, heard::add)) {
            eventually("what is there", () -> heard.size() == 1);
            for (int i = 0; i < 500; i++) {
                say("line " + i);
            }
            eventually("what comes", () -> heard.size() == 501);
            assertThat(heard.get(500).text()).isEqualTo("line 499");
            assertThat(follow.isOpen()).isTrue();
        }
        say("after the end");
        assertThat(heard).hasSize(501);
    }

    @Test
    void aFollowEndsWithItsInstanceAndWithItsConnection() throws InterruptedException {
        List<LogRecord> heard = new CopyOnWriteArrayList<>();
        Subscription first = driver().require(RecordLogs.class).followLog(id, ALL, heard::add);
        driver().destroy(id);
        eventually("the end with the instance", () -> !first.isOpen());
        assertThatThrownBy(() -> driver().require(RecordLogs.class).followLog(id, ALL, heard::add))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void aBrokenConnectionEndsAFollowInsteadOfRepeatingIt() throws InterruptedException {
        List<LogRecord> heard = new CopyOnWriteArrayList<>();
        Subscription follow = driver().require(RecordLogs.class).followLog(id, ALL, heard::add);
        Objects.requireNonNull(link).close();
        eventually("the end", () -> !follow.isOpen());
        assertThat(heard).hasSize(1);
    }

    @Test
    void aCommandIsTalkedToAndSaysHowItEnded() throws InterruptedException {
        CollectedOutput output = new CollectedOutput();
        ExecSpec shell = new ExecSpec(List.of("sh"), List.of(), null, null, true);
        try (ConsoleStream stream = driver().require(Executing.class).openExec(id, shell, output)) {
            stream.resize(100, 30);
            stream.write("echo hello\nstty size\nexit 7\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            eventually("the end", output::isClosed);
        }
        assertThat(output.text()).contains("hello").contains("30 100");
        assertThat(output.reason()).isEqualTo("exit 7");
    }
}
