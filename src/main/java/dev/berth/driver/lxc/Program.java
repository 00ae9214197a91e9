package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A short-lived program of the node, run with a bare environment and a time limit. */
final class Program {
    private static final int MOST_OUTPUT = 1 << 16;

    private Program() {}

    /**
     * How it ended.
     *
     * @param output of both streams
     */
    record Result(int status, String output) {}

    /** Starts it; its three streams are pipes. */
    static Process start(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        String path = builder.environment().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.DRIVER_FAILED, "Cannot run " + command.getFirst() + "; is it installed on the node?", e);
        }
    }

    /** Runs it to its end; fails unless it says success. */
    static void run(Duration longest, List<String> command) {
        Result result = result(longest, command);
        if (result.status() != 0) {
            throw failed(command.getFirst(), result.output());
        }
    }

    static BerthException failed(String program, String output) {
        return NodeFailures.outOfSpace(output)
                ? BerthException.of(ErrorCode.OUT_OF_SPACE, "The node's disk is full; free space and try again.")
                : BerthException.of(ErrorCode.DRIVER_FAILED, program + " failed: " + NodeFailures.shorten(output));
    }

    /** Runs it to its end, or kills it at its time limit. */
    static Result result(Duration longest, List<String> command) {
        Process process = start(command);
        Thread watchdog = Threads.daemons("program-watchdog").newThread(() -> kill(process, longest));
        watchdog.start();
        try (var out = process.getInputStream();
                var err = process.getErrorStream()) {
            process.getOutputStream().close();
            String output = new String(out.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8)
                    + new String(err.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw NodeFailures.files(command.getFirst(), e);
        } catch (InterruptedException e) {
            throw Failures.interrupted(command.getFirst(), e);
        } finally {
            process.destroyForcibly();
            watchdog.interrupt();
        }
    }

    private static void kill(Process process, Duration longest) {
        try {
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
