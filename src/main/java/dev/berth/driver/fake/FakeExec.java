package dev.berth.driver.fake;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ExecResult;
import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.ProcessSpec;
import dev.berth.driver.Processes;
import dev.berth.driver.RunState;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Further processes in fake containers, and the list of them all. */
final class FakeExec implements Executing, Processes {
    private static final int MOST = 1 << 20;
    private final FakeInstances instances;
    private final FakeConsoles consoles;

    FakeExec(FakeInstances instances, FakeConsoles consoles) {
        this.instances = instances;
        this.consoles = consoles;
    }

    private FakeInstance running(UUID id) {
        FakeInstance instance = instances.require(id);
        instance.require(RunState.RUNNING);
        return instance;
    }

    @Override
    public ExecResult exec(UUID id, ExecSpec spec, String stdin, Duration timeout) {
        instances.behaviour.change("Executing.exec");
        FakeProgram program = FakeProgram.read(spec.args(), surroundings(running(id), spec, stdin));
        Duration runs = program.runs();
        boolean endless = runs == null || runs.compareTo(timeout) > 0;
        pause(endless || runs == null ? timeout : runs);
        if (endless) {
            throw BerthException.of(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "The command ran longer than " + timeout.toMillis() + " ms and was killed.");
        }
        boolean cut = program.stdout().length() > MOST;
        return new ExecResult(
                program.code(), cut ? program.stdout().substring(0, MOST) : program.stdout(), program.stderr(), cut);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The call was interrupted.");
        }
    }

    private static FakeProgram.Surroundings surroundings(FakeInstance instance, ExecSpec spec, String stdin) {
        ProcessSpec process = process(instance);
        List<String> env = new ArrayList<>(process == null ? List.of() : process.env());
        env.addAll(spec.env());
        String user = process == null ? null : process.user();
        return new FakeProgram.Surroundings(
                instance.definition().hostname(),
                env,
                Objects.requireNonNullElse(spec.workingDirectory(), "/"),
                spec.user() != null ? spec.user() : Objects.requireNonNullElse(user, "root"),
                stdin);
    }

    private static @Nullable ProcessSpec process(FakeInstance instance) {
        return ((ContainerSpec) instance.definition().spec()).process();
    }

    @Override
    public ConsoleStream openExec(UUID id, ExecSpec spec, ConsoleOutput output) {
        instances.behaviour.look("Executing.openExec");
        FakeInstance instance = running(id);
        boolean shell = spec.args().getFirst().matches("(.*/)?(ba|da)?sh")
                && spec.args().size() == 1;
        if (shell) {
            return consoles.kept(id, new FakeShell(instance, output));
        }
        FakeProgram program = FakeProgram.read(spec.args(), surroundings(instance, spec, ""));
        Run run = new Run(output);
        Thread.ofVirtual().name("fake-exec").start(() -> run.run(program));
        return consoles.kept(id, run);
    }

    /** A command that somebody looks at. */
    private static final class Run implements ConsoleStream {
        private final ConsoleOutput output;
        private final AtomicBoolean closed = new AtomicBoolean();

        Run(ConsoleOutput output) {
            this.output = output;
        }

        void run(FakeProgram program) {
            output.data((program.stdout() + program.stderr()).getBytes(StandardCharsets.UTF_8));
            Duration runs = program.runs();
            if (runs != null) {
                pause(runs);
                end("exit " + program.code());
            }
        }

        private void end(@Nullable String reason) {
            if (closed.compareAndSet(false, true)) {
                output.closed(reason);
            }
        }

        @Override
        public void write(byte[] data) {
            // These commands read nothing.
        }

        @Override
        public void resize(int columns, int rows) {
            // They look the same at any size.
        }

        @Override
        public void close() {
            end(null);
        }
    }

    @Override
    public List<Entry> processes(UUID id) {
        instances.behaviour.look("Processes.processes");
        FakeInstance instance = running(id);
        ProcessSpec process = process(instance);
        String command = process == null ? "/sbin/init" : String.join(" ", process.args());
        Instant started = Objects.requireNonNullElse(instance.startedAt(), Instant.EPOCH);
        Duration cpu = Duration.between(started, instances.clock.instant()).dividedBy(10);
        Entry first = new Entry(1, 0, 0, "S", cpu, 3L << 20, command);
        return process == null
                ? List.of(first, new Entry(40, 1, 0, "S", cpu.dividedBy(2), 9L << 20, "/lib/systemd/systemd-journald"))
                : List.of(first);
    }
}
