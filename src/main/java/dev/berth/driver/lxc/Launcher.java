package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The calls of {@code berth-launch}; {@code native/README.md} describes it. */
final class Launcher {
    private static final Duration LONGEST = Duration.ofSeconds(100);
    private static final Duration WAIT_FOR_OTHERS = Duration.ofSeconds(20);
    private static final long LOOK_MILLIS = 50;
    private static final int CANNOT_EXECUTE = 126;
    private static final int NOT_FOUND = 127;
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final LxcSettings settings;

    Launcher(LxcSettings settings) {
        this.settings = settings;
    }

    /** Starts a container by its plan; returns when its process 1 runs. */
    RunStatus start(ContainerFiles files) {
        Program.Result result = Program.result(LONGEST, command("start", files));
        if (result.status() == 0) {
            return RunStatus.parse(result.output())
                    .or(() -> RunStatus.read(files))
                    .orElseThrow(() -> BerthException.of(
                            ErrorCode.DRIVER_FAILED,
                            "berth-launch did not say who runs the container; see the agent's log."));
        }
        int code = RunExit.read(files).map(RunExit::exitCode).orElse(0);
        String reason = NodeFailures.shorten(result.output());
        if (code == NOT_FOUND || code == CANNOT_EXECUTE) {
            throw BerthException.invalid("/spec/process/args", "The container's process cannot be started: " + reason);
        }
        throw Program.failed("The start of the container", reason);
    }

    /** A process that executes in a container; it talks frames. */
    Process exec(ContainerFiles files) {
        return Program.start(command("exec", files));
    }

    /** A process that looks at or changes files of a container; it talks frames. */
    Process files(ContainerFiles files) {
        return Program.start(command("files", files));
    }

    /** A process that writes a container's changes as a layer of an image. */
    Process changes(ContainerFiles files) {
        return Program.start(command("changes", files));
    }

    /** Ends and removes what is left of a container whose supervisor did not end in order. */
    void clean(ContainerFiles files) {
        Program.run(LONGEST, command("clean", files));
    }

    private List<String> command(String verb, ContainerFiles files) {
        return List.of(settings.launch().toString(), verb, files.directory().toString());
    }

    /** Waits for a start that was begun before the agent was restarted; it goes on without its caller. */
    void awaitStart(ContainerFiles files) {
        long end = System.nanoTime() + WAIT_FOR_OTHERS.toNanos();
        while (isStarting(files) && System.nanoTime() < end && Threads.sleep(LOOK_MILLIS)) {
            continue;
        }
    }

    private boolean isStarting(ContainerFiles files) {
        String wanted = String.join("\0", command("start", files)) + "\0";
        for (Path process : Trees.list(Path.of("/proc"))) {
            if (NUMBER.matcher(process.getFileName().toString()).matches()
                    && Trees.text(process.resolve("cmdline")).equals(wanted)
                    && RunStatus.alive(files).isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
