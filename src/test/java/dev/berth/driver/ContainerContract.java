package dev.berth.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * What the capabilities promise that only containers have. The subject's containers have a shell, and say {@code ready} on
 * stdout and {@code trouble} on stderr.
 */
public abstract class ContainerContract extends CapabilityContract {
    private static final LogQuery ALL = new LogQuery(null, 0, null);
    private static final Duration SOON = Duration.ofSeconds(20);

    private static ExecSpec shell(String script) {
        return new ExecSpec(List.of("/bin/sh", "-c", script), List.of(), null, null, false);
    }

    @Test
    void executesWithItsStreamsApart() {
        Executing executing = capability(Executing.class);
        UUID id = running();
        ExecResult result = executing.exec(id, shell("cat; echo problem >&2; exit 3"), "given", SOON);
        assertThat(result).isEqualTo(new ExecResult(3, "given", "problem\n", false));
        assertThat(executing.exec(id, shell("kill -9 $$"), "", SOON).exitCode()).isEqualTo(137);
        ExecSpec unknown = new ExecSpec(List.of("/no/such/program"), List.of(), null, null, false);
        assertThat(executing.exec(id, unknown, "", SOON).exitCode()).isEqualTo(127);
    }

    @Test
    void executesAsAskedFor() {
        Executing executing = capability(Executing.class);
        UUID id = running();
        ExecSpec spec = new ExecSpec(
                List.of("/bin/sh", "-c", "id -u; pwd; echo $GREETING"),
                List.of("GREETING=hello"),
                "1000:1000",
                "/tmp",
                false);
        assertThat(executing.exec(id, spec, "", SOON).stdout()).isEqualTo("1000\n/tmp\nhello\n");
    }

    @Test
    void cutsLongOutputOff() {
        Executing executing = capability(Executing.class);
        UUID id = running();
        ExecResult result = executing.exec(id, shell("head -c 3000000 /dev/zero | tr '\\0' x"), "", SOON);
        assertThat(result.truncated()).isTrue();
        assertThat(result.stdout()).hasSize(1 << 20);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void killsWhatExecutesTooLong() {
        Executing executing = capability(Executing.class);
        UUID id = running();
        fails(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> executing.exec(id, shell("exec sleep 12345"), "", Duration.ofMillis(500)));
        eventually(() -> "it went on", () -> executing
                .exec(id, shell("ps | grep -v grep | grep -c 'sleep 12345'"), "", SOON)
                .stdout()
                .strip()
                .equals("0"));
    }

    @Test
    void executesInWhatRunsOnly() {
        Executing executing = capability(Executing.class);
        UUID id = defined();
        fails(ErrorCode.WRONG_STATE, () -> executing.exec(id, shell("true"), "", SOON));
        fails(ErrorCode.NOT_FOUND, () -> executing.exec(UUID.randomUUID(), shell("true"), "", SOON));
        fails(ErrorCode.WRONG_STATE, () -> executing.openExec(id, shell("true"), new CollectedOutput()));
    }

    @Test
    void talksToWhatItExecutes() {
        Executing executing = capability(Executing.class);
        UUID id = running();
        CollectedOutput output = new CollectedOutput();
        ExecSpec spec = new ExecSpec(
                List.of("/bin/sh", "-c", "stty size; read line; echo got $line; exit 7"), List.of(), null, null, true);
        try (ConsoleStream stream = executing.openExec(id, spec, output)) {
            stream.resize(100, 30);
            stream.write("word\n".getBytes(StandardCharsets.US_ASCII));
            eventually(() -> "it said " + output.text(), output::isClosed);
        }
        assertThat(output.text()).contains("got word");
        assertThat(output.reason()).isEqualTo("exit 7");
    }

    @Test
    void opensAShell() {
        Consoles consoles = capability(Consoles.class);
        UUID id = running();
        CollectedOutput output = new CollectedOutput();
        try (ConsoleStream stream = consoles.openConsole(id, ConsoleKind.SHELL, output)) {
            stream.resize(91, 17);
            stream.write("stty size; echo sum $((40+2))\n".getBytes(StandardCharsets.US_ASCII));
            eventually(() -> "it said " + output.text(), () -> output.text().contains("sum 42"));
            assertThat(output.text()).contains("17 91");
        }
        eventually(() -> "it stayed open", output::isClosed);
    }

    @Test
    void keepsRecordsOfBothStreams() {
        RecordLogs logs = capability(RecordLogs.class);
        Instant before = Instant.now();
        UUID id = running();
        eventually(
                () -> "records: " + logs.readLog(id, ALL),
                () -> logs.readLog(id, ALL).size() == 2);
        assertThat(logs.readLog(id, ALL))
                .allSatisfy(record -> assertThat(record.at()).isBetween(before.minusMillis(1), Instant.now()));
        assertThat(logs.readLog(id, new LogQuery(null, 0, LogRecord.Stream.STDERR)))
                .extracting(LogRecord::text)
                .containsExactly("trouble");
        assertThat(logs.readLog(id, new LogQuery(null, 1, null))).hasSize(1);
        assertThat(logs.readLog(id, new LogQuery(Instant.now(), 0, null))).isEmpty();
        fails(ErrorCode.NOT_FOUND, () -> logs.readLog(UUID.randomUUID(), ALL));
    }

    @Test
    void followsALogAcrossRestarts() {
        RecordLogs logs = capability(RecordLogs.class);
        UUID id = running();
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Subscription ignored = logs.followLog(id, ALL, record -> heard.add(record.text()))) {
            eventually(() -> "heard " + heard, () -> heard.size() == 2);
            driver().stop(id, StopMode.FORCE, Duration.ZERO);
            driver().start(id);
            eventually(() -> "heard " + heard, () -> heard.size() == 4);
        }
        assertThat(heard).containsExactlyInAnyOrder("ready", "trouble", "ready", "trouble");
    }

    @Test
    void listsProcesses() {
        Processes processes = capability(Processes.class);
        UUID id = running();
        eventually(() -> "seen " + processes.processes(id), () -> processes.processes(id).stream()
                .anyMatch(one -> one.command().contains("sleep")));
        List<Processes.Entry> seen = processes.processes(id);
        assertThat(seen.getFirst().pid()).isEqualTo(1);
        assertThat(seen).allSatisfy(one -> {
            assertThat(one.user()).isZero();
            assertThat(one.parent()).isNotNegative();
        });
        driver().stop(id, StopMode.FORCE, Duration.ZERO);
        fails(ErrorCode.WRONG_STATE, () -> processes.processes(id));
    }

    @Test
    void changesLimitsOfWhatRunsOnly() {
        LiveLimits limits = capability(LiveLimits.class);
        InstanceDefinition definition = next();
        driver().define(definition, ProgressSink.NONE);
        fails(ErrorCode.WRONG_STATE, () -> limits.applyLimits(definition));
        driver().start(definition.id());
        limits.applyLimits(sized(definition, DataSize.ofMebibytes(200)));
        limits.applyLimits(sized(definition, DataSize.ofMebibytes(64)));
        assertThat(state(definition.id())).isEqualTo(RunState.RUNNING);
    }

    private static InstanceDefinition sized(InstanceDefinition definition, DataSize memory) {
        return new InstanceDefinition(
                definition.id(),
                definition.name(),
                definition.project(),
                new CpuCount(2),
                definition.maxCpus(),
                memory,
                definition.maxMemory(),
                definition.disks(),
                definition.nics(),
                definition.publications(),
                definition.spec());
    }
}
