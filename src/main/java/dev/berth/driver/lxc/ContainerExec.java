package dev.berth.driver.lxc;

import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ExecResult;
import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.ProcessSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Executes in containers through {@code berth-launch exec}. */
final class ContainerExec implements Executing, AutoCloseable {
    private static final int MOST_OUTPUT = 1 << 20;

    private final Containers containers;
    private final Launcher launcher;
    private final ScheduledExecutorService clocks =
            Executors.newSingleThreadScheduledExecutor(Threads.daemons("exec-timeouts"));

    ContainerExec(Containers containers, Launcher launcher) {
        this.containers = containers;
        this.launcher = launcher;
    }

    @Override
    public ExecResult exec(UUID id, ExecSpec spec, String stdin, Duration timeout) {
        AtomicBoolean late = new AtomicBoolean();
        try (SocketLink link = begin(id, spec)) {
            Future<?> clock = clocks.schedule(
                    () -> {
                        late.set(true);
                        link.close();
                    },
                    timeout.toMillis(),
                    TimeUnit.MILLISECONDS);
            try {
                link.sendStdin(stdin.getBytes(StandardCharsets.UTF_8));
                return collect(link);
            } finally {
                clock.cancel(false);
            }
        } catch (IOException e) {
            throw late.get()
                    ? BerthException.of(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "The command did not end within " + timeout.toMillis() + " ms and was killed.",
                            e)
                    : BerthException.of(
                            ErrorCode.DRIVER_FAILED, "The command could not be executed: " + e.getMessage(), e);
        }
    }

    private static ExecResult collect(SocketLink link) throws IOException {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        boolean truncated = false;
        for (Optional<Frame> next = Frame.read(link.in()); next.isPresent(); next = Frame.read(link.in())) {
            byte[] data = next.get().data();
            switch (next.get().type()) {
                case Frame.STDOUT -> truncated |= keep(stdout, data);
                case Frame.STDERR -> truncated |= keep(stderr, data);
                case Frame.EXIT -> {
                    return result(data, stdout, stderr, truncated);
                }
                default -> throw new IOException("an unknown frame came");
            }
        }
        String complaint = stderr.toString(StandardCharsets.UTF_8).strip();
        throw new EOFException(complaint.isEmpty() ? "the container has ended" : complaint);
    }

    private static boolean keep(ByteArrayOutputStream kept, byte[] data) {
        int room = Math.min(data.length, MOST_OUTPUT - kept.size());
        kept.write(data, 0, room);
        return room < data.length;
    }

    private static ExecResult result(
            byte[] exit, ByteArrayOutputStream stdout, ByteArrayOutputStream stderr, boolean truncated)
            throws IOException {
        RunExit end = RunExit.parse(new String(exit, StandardCharsets.UTF_8))
                .orElseThrow(() -> new IOException("the exit cannot be read"));
        String error = end.error();
        if (error != null && !error.isEmpty()) {
            keep(stderr, (error + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return new ExecResult(
                end.exitCode(),
                stdout.toString(StandardCharsets.UTF_8),
                stderr.toString(StandardCharsets.UTF_8),
                truncated);
    }

    @Override
    public ConsoleStream openExec(UUID id, ExecSpec spec, ConsoleOutput output) {
        return FrameConsole.open(begin(id, spec), output, true);
    }

    /** As {@link #openExec}, for somebody who does not care how it ends. */
    ConsoleStream openShell(UUID id, ExecSpec spec, ConsoleOutput output) {
        return FrameConsole.open(begin(id, spec), output, false);
    }

    private SocketLink begin(UUID id, ExecSpec spec) {
        RunStatus status = containers.running(id, "Start the instance to execute in it.");
        if (Cgroup.of(id, status.init()).filter(Cgroup::isFrozen).isPresent()) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "The instance is paused; resume it first.")
                    .with("state", "PAUSED");
        }
        Plan plan = plan(containers.definition(id), spec, Accounts.inside(status.init()));
        SocketLink link = launcher.exec(containers.files(id));
        try {
            link.send(new Frame(Frame.PLAN, plan.bytes()));
            return link;
        } catch (IOException e) {
            link.close();
            throw NodeFailures.files("Executing", e);
        }
    }

    static Plan plan(InstanceDefinition definition, ExecSpec spec, Accounts accounts) {
        if (spec.args().isEmpty() || spec.args().getFirst().isEmpty()) {
            throw BerthException.invalid("/args", "Name a program to execute as the first argument.");
        }
        ContainerSpec container = Containers.spec(definition);
        ProcessSpec process = container.process();
        List<String> env = new ArrayList<>(process == null ? List.of() : process.env());
        if (spec.tty()) {
            env.add("TERM=xterm-256color");
        }
        env.addAll(spec.env());
        Accounts.Account account = accounts.find(first(spec.user(), process == null ? null : process.user()));
        String directory = first(spec.workingDirectory(), process == null ? null : process.workingDirectory());
        Plan plan = new Plan()
                .texts("arg", spec.args())
                .lines("env", Environment.of(env, account))
                .add("cwd", Paths.absolute("workingDirectory", directory == null ? "/" : directory));
        account.into(plan);
        for (ContainerSpec.Ulimit ulimit : container.limits().ulimits()) {
            plan.add("rlimit", LimitWords.ulimit(ulimit.name()), ulimit.soft(), ulimit.hard());
        }
        if (spec.tty()) {
            plan.add("tty");
        }
        return plan;
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null || one.isEmpty() ? other : one;
    }

    @Override
    public void close() {
        clocks.shutdownNow();
    }
}
