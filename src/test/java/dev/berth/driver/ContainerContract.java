package dev.berth.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What drivers of containers promise beyond the rest; the image of the subject's root disk has a POSIX shell. */
public abstract class ContainerContract extends CapabilityContract {
    private static final LogQuery ALL = new LogQuery(null, 0, null);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private InstanceDefinition scripted(String script, ContainerSpec.RestartPolicy restart) {
        InstanceDefinition usual = next();
        ContainerSpec spec = ContainerSpec.app(ProcessSpec.of("sh", "-c", script));
        return with(
                usual,
                new ContainerSpec(
                        spec.mode(),
                        spec.process(),
                        ContainerSpec.NetworkMode.NONE,
                        restart,
                        null,
                        spec.limits(),
                        spec.security(),
                        List.of(),
                        List.of(),
                        spec.extraHosts(),
                        false,
                        null));
    }

    private static InstanceDefinition with(InstanceDefinition d, InstanceSpec spec) {
        return new InstanceDefinition(
                d.id(),
                d.name(),
                d.project(),
                d.cpus(),
                d.maxCpus(),
                d.memory(),
                d.maxMemory(),
                d.disks(),
                d.nics(),
                d.publications(),
                spec);
    }

    private UUID started(InstanceDefinition definition) {
        driver().define(definition, ProgressSink.NONE);
        driver().start(definition.id());
        return definition.id();
    }

    private UUID startedScript(String script) {
        return started(scripted(script, ContainerSpec.RestartPolicy.NO));
    }

    private static ExecSpec command(String... args) {
        return new ExecSpec(List.of(args), List.of(), null, null, false);
    }

    private ExecResult exec(UUID id, String... args) {
        return capability(Executing.class).exec(id, command(args), "", PATIENCE);
    }

    @Test
    void executesToTheEndAndSaysHowItEnded() {
        UUID id = running();
        assertThat(exec(id, "true").exitCode()).isZero();
        assertThat(exec(id, "false").exitCode()).isEqualTo(1);
        assertThat(exec(id, "sh", "-c", "exit 7").exitCode()).isEqualTo(7);
        assertThat(exec(id, "echo", "hello").stdout()).isEqualTo("hello\n");
        ExecResult both = exec(id, "sh", "-c", "echo out; echo err >&2");
        assertThat(both.stdout()).isEqualTo("out\n");
        assertThat(both.stderr()).isEqualTo("err\n");
        assertThat(both.truncated()).isFalse();
        assertThat(exec(id, "no-such-program-here").exitCode()).isEqualTo(127);
    }

    @Test
    void executesWithEnvironmentDirectoryAndInput() {
        Executing executing = capability(Executing.class);
        UUID id = running();
        ExecSpec env = new ExecSpec(List.of("env"), List.of("GREETING=grüß dich"), null, null, false);
        assertThat(executing.exec(id, env, "", PATIENCE).stdout()).contains("GREETING=grüß dich\n");
        ExecSpec pwd = new ExecSpec(List.of("pwd"), List.of(), null, "/tmp", false);
        assertThat(executing.exec(id, pwd, "", PATIENCE).stdout()).isEqualTo("/tmp\n");
        assertThat(executing.exec(id, command("cat"), "a\nb\n", PATIENCE).stdout())
                .isEqualTo("a\nb\n");
    }

    @Test
    void endsACommandThatTakesTooLong() {
        Executing executing = capability(Executing.class);
        UUID id = running();
        fails(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> executing.exec(id, command("sleep", "60"), "", Duration.ofMillis(300)));
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void executesInWhatRunsOnly() {
        Executing executing = capability(Executing.class);
        UUID id = defined();
        fails(ErrorCode.WRONG_STATE, () -> executing.exec(id, command("true"), "", PATIENCE));
        fails(ErrorCode.NOT_FOUND, () -> executing.exec(UUID.randomUUID(), command("true"), "", PATIENCE));
        fails(ErrorCode.WRONG_STATE, () -> executing.openExec(id, command("sh"), new CollectedOutput()));
    }

    @Test
    void talksToACommand() {
        Executing executing = capability(Executing.class);
        UUID id = running();
        CollectedOutput output = new CollectedOutput();
        ExecSpec shell = new ExecSpec(List.of("sh"), List.of(), null, null, true);
        try (ConsoleStream stream = executing.openExec(id, shell, output)) {
            stream.resize(100, 30);
            stream.write("stty size\nexit 7\n".getBytes(StandardCharsets.UTF_8));
            eventually(() -> "the shell goes on: " + output.text(), output::isClosed);
        }
        assertThat(output.text()).contains("30 100");
        assertThat(output.reason()).isEqualTo("exit 7");
    }

    @Test
    void keepsWhatItsProcessWroteApartAndInOrder() {
        RecordLogs logs = capability(RecordLogs.class);
        UUID id = startedScript("echo one; echo two >&2; echo three; exec sleep 1000");
        eventually(
                () -> "too few records: " + logs.readLog(id, ALL),
                () -> logs.readLog(id, ALL).size() >= 3);
        LogQuery errors = new LogQuery(null, 0, LogRecord.Stream.STDERR);
        assertThat(logs.readLog(id, errors)).extracting(LogRecord::text).containsExactly("two");
        LogQuery output = new LogQuery(null, 0, LogRecord.Stream.STDOUT);
        assertThat(logs.readLog(id, output)).extracting(LogRecord::text).containsExactly("one", "three");
        assertThat(logs.readLog(id, new LogQuery(null, 1, LogRecord.Stream.STDOUT)))
                .extracting(LogRecord::text)
                .containsExactly("three");
        LogRecord last = logs.readLog(id, ALL).getLast();
        assertThat(logs.readLog(id, new LogQuery(last.at().plusSeconds(1), 0, null)))
                .isEmpty();
        driver().stop(id, StopMode.FORCE, Duration.ZERO);
        assertThat(logs.readLog(id, ALL)).as("a log outlives its process").hasSizeGreaterThanOrEqualTo(3);
        fails(ErrorCode.NOT_FOUND, () -> logs.readLog(UUID.randomUUID(), ALL));
    }

    @Test
    void aFollowedLogGoesOnAfterARestart() {
        RecordLogs logs = capability(RecordLogs.class);
        UUID id = startedScript("echo up; exec sleep 1000");
        List<LogRecord> heard = new CopyOnWriteArrayList<>();
        try (Subscription ignored = logs.followLog(id, ALL, heard::add)) {
            eventually(() -> "no record: " + heard, () -> heard.size() == 1);
            driver().stop(id, StopMode.FORCE, Duration.ZERO);
            driver().start(id);
            eventually(() -> "no further record: " + heard, () -> heard.size() == 2);
        }
    }

    @Test
    void aFileIsSeenWhenAllOfItHasArrived() {
        FileAccess files = capability(FileAccess.class);
        UUID id = defined();
        UUID upload = UUID.randomUUID();
        byte[] first = "first ".getBytes(StandardCharsets.UTF_8);
        byte[] second = "second".getBytes(StandardCharsets.UTF_8);
        files.makeDirectory(id, "/tmp/in");
        files.makeDirectory(id, "/tmp/in");
        files.writeFile(id, new FileAccess.FileWrite("/tmp/in/text", upload, 0, 0640, false), first);
        assertThat(files.listFiles(id, "/tmp/in")).isEmpty();
        fails(
                ErrorCode.WRONG_STATE,
                () -> files.writeFile(id, new FileAccess.FileWrite("/tmp/in/text", upload, 3, 0640, true), second));
        files.writeFile(id, new FileAccess.FileWrite("/tmp/in/text", upload, first.length, 0640, true), second);
        assertThat(files.listFiles(id, "/tmp/in")).singleElement().satisfies(entry -> {
            assertThat(entry.path()).isEqualTo("/tmp/in/text");
            assertThat(entry.type()).isEqualTo(FileEntry.Type.FILE);
            assertThat(entry.size()).isEqualTo(first.length + second.length);
            assertThat(entry.mode() & 0777).isEqualTo(0640);
            assertThat(entry.uid()).isZero();
        });
        StoredImage.Chunk all = files.readFile(id, "/tmp/in/text", 0, 1 << 20);
        assertThat(new String(all.data(), StandardCharsets.UTF_8)).isEqualTo("first second");
        assertThat(all.last()).isTrue();
        StoredImage.Chunk part = files.readFile(id, "/tmp/in/text", 6, 3);
        assertThat(new String(part.data(), StandardCharsets.UTF_8)).isEqualTo("sec");
        assertThat(part.last()).isFalse();
        fails(ErrorCode.WRONG_STATE, () -> files.deleteFile(id, "/tmp/in"));
        files.deleteFile(id, "/tmp/in/text");
        files.deleteFile(id, "/tmp/in/text");
        files.deleteFile(id, "/tmp/in");
    }

    @Test
    void pathsLeadNowhereElse() {
        FileAccess files = capability(FileAccess.class);
        UUID id = defined();
        fails(ErrorCode.INVALID_ARGUMENT, () -> files.listFiles(id, "etc"));
        fails(ErrorCode.NOT_FOUND, () -> files.listFiles(id, "/no/such/place"));
        fails(ErrorCode.NOT_FOUND, () -> files.readFile(id, "/no-such-file", 0, 10));
        fails(ErrorCode.INVALID_ARGUMENT, () -> files.readFile(id, "/tmp", 0, 10));
        fails(ErrorCode.NOT_FOUND, () -> files.listFiles(UUID.randomUUID(), "/"));
    }

    @Test
    void listsProcessesOfWhatRuns() {
        Processes processes = capability(Processes.class);
        UUID id = running();
        assertThat(processes.processes(id)).extracting(Processes.Entry::pid).contains(1);
        driver().stop(id, StopMode.FORCE, Duration.ZERO);
        fails(ErrorCode.WRONG_STATE, () -> processes.processes(id));
        fails(ErrorCode.NOT_FOUND, () -> processes.processes(UUID.randomUUID()));
    }

    @Test
    void changesLimitsOfWhatRuns() {
        LiveLimits limits = capability(LiveLimits.class);
        InstanceDefinition d = next();
        driver().define(d, ProgressSink.NONE);
        InstanceDefinition bigger = new InstanceDefinition(
                d.id(),
                d.name(),
                d.project(),
                new CpuCount(2),
                new CpuCount(2),
                new DataSize(d.memory().bytes() * 2),
                new DataSize(d.memory().bytes() * 2),
                d.disks(),
                d.nics(),
                d.publications(),
                d.spec());
        fails(ErrorCode.WRONG_STATE, () -> limits.applyLimits(bigger));
        driver().start(d.id());
        limits.applyLimits(bigger);
        limits.applyLimits(d);
        assertThat(state(d.id())).isEqualTo(RunState.RUNNING);
    }

    @Test
    void commitsChangesAsOneMoreLayer() {
        Committing committing = capability(Committing.class);
        UUID id = running();
        assumeTrue(subject().disks().getFirst().image() != null, "made from no image");
        UUID image = UUID.randomUUID();
        StoredImage made =
                committing.commit(id, new Committing.CommitRequest(image, "a change", "somebody"), ProgressSink.NONE);
        assertThat(made.id()).isEqualTo(image);
        assertThat(made.format()).isEqualTo(ImageFormat.OCI);
        assertThat(Objects.requireNonNull(made.oci()).layers()).isNotEmpty();
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    private ObservedState.Exit exitOf(UUID id) {
        AtomicReference<ObservedState.@Nullable Exit> exit = new AtomicReference<>();
        eventually(() -> "its process goes on", () -> {
            exit.set(driver().observe(id).exit());
            return exit.get() != null;
        });
        return Objects.requireNonNull(exit.get());
    }

    @Test
    void keepsHowItsProcessEnded() {
        UUID id = startedScript("exit 3");
        ObservedState.Exit exit = exitOf(id);
        assertThat(exit.code()).isEqualTo(3);
        assertThat(exit.outOfMemory()).isFalse();
        assertThat(state(id)).isNotEqualTo(RunState.RUNNING);
    }

    @Test
    void restartsAsOftenAsItsPolicySays() {
        UUID id = started(
                scripted("exit 3", new ContainerSpec.RestartPolicy(ContainerSpec.RestartPolicy.Kind.ON_FAILURE, 2)));
        eventually(
                () -> "restarts: " + driver().observe(id),
                () -> exitOf(id).restarts() == 2 && state(id) != RunState.RUNNING);
    }

    @Test
    void whatIsStoppedOnPurposeStaysStopped() {
        UUID id = started(scripted(
                "exec sleep 1000", new ContainerSpec.RestartPolicy(ContainerSpec.RestartPolicy.Kind.ALWAYS, 0)));
        driver().stop(id, StopMode.GRACEFUL_THEN_FORCE, Duration.ofSeconds(1));
        assertThat(state(id)).isEqualTo(RunState.STOPPED);
        exitOf(id);
    }
}
