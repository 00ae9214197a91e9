package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.ffi.FileLock;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The calls of {@code berth-launch}; {@code native/README.md} describes it. */
final class Launcher implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(100);
    private static final Duration WAIT_FOR_OTHERS = Duration.ofSeconds(20);
    private static final long LOOK_MILLIS = 50;
    private static final int CANNOT_EXECUTE = 126;
    private static final int NOT_FOUND = 127;

    private final LxcSettings settings;
    private final LaunchServer server;

    Launcher(LxcSettings settings) {
        this.settings = settings;
        this.server = new LaunchServer(settings);
    }

    /** Starts a container by its plan; returns when its process 1 runs. */
    RunStatus start(ContainerFiles files) {
        Program.Result result = started(files);
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

    private Program.Result started(ContainerFiles files) {
        StringBuilder output = new StringBuilder();
        try (SocketLink link = server.request("start", files);
                SocketLink.Deadline deadline = link.closeAfter(LONGEST)) {
            for (Optional<Frame> next = Frame.read(link.in()); next.isPresent(); next = Frame.read(link.in())) {
                String text = new String(next.get().data(), StandardCharsets.UTF_8);
                if (next.get().type() == Frame.EXIT) {
                    int code = RunExit.parse(text).map(RunExit::exitCode).orElse(1);
                    return new Program.Result(code, output.toString());
                }
                output.append(text);
            }
        } catch (IOException e) {
            throw NodeFailures.files("The start of the container", e);
        }
        throw Program.failed("berth-launch", output.isEmpty() ? "it ended too early" : output.toString());
    }

    /** A process that executes in a container; it talks frames, and what it executes is killed when the link is closed. */
    SocketLink exec(ContainerFiles files) {
        return server.request("exec", files);
    }

    /** A process that looks at or changes files of a container; it talks frames. */
    SocketLink files(ContainerFiles files) {
        return server.request("files", files);
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
        while (RunStatus.alive(files).isEmpty()
                && FileLock.isHeld(files.lock())
                && System.nanoTime() < end
                && Threads.sleep(LOOK_MILLIS)) {
            continue;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
