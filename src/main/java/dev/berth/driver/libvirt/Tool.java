package dev.berth.driver.libvirt;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A program of the node ({@code qemu-img}, {@code genisoimage}) run under limits: address space, processor time, wall time,
 * and how much of its output is kept.
 */
final class Tool {
    private static final List<String> LIMITS =
            List.of("prlimit", "--as=8589934592", "--cpu=7200", "--core=0", "--nofile=256", "--");
    private static final int OUTPUT_LIMIT = 1 << 20;

    private Tool() {}

    /** Runs it to its end and returns what it printed. */
    static String run(Duration limit, List<String> command) {
        return run(limit, command, line -> {});
    }

    /**
     * Runs it to its end.
     *
     * @param lines gets each piece of output that ends in a carriage return or newline; what it throws ends the program
     */
    static String run(Duration limit, List<String> command, Consumer<String> lines) {
        Process process = start(command);
        Thread watchdog = Threads.daemons("tool-watchdog").newThread(() -> killAfter(process, limit));
        watchdog.start();
        try (InputStream in = process.getInputStream()) {
            String output = read(in, lines);
            int status = process.waitFor();
            if (status != 0) {
                throw failed(command, status, output);
            }
            return output;
        } catch (IOException e) {
            throw NodeFailures.files(command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, command.getFirst() + " was interrupted.", e);
        } finally {
            process.destroyForcibly();
            watchdog.interrupt();
        }
    }

    private static Process start(List<String> command) {
        List<String> limited = new ArrayList<>(LIMITS);
        limited.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(limited).redirectErrorStream(true);
        String path = builder.environment().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.DRIVER_FAILED, "Cannot run " + command.getFirst() + "; is it installed on the node?", e);
        }
    }

    private static void killAfter(Process process, Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(InputStream in, Consumer<String> lines) throws IOException {
        StringBuilder kept = new StringBuilder();
        StringBuilder line = new StringBuilder();
        byte[] buffer = new byte[8192];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            String text = new String(buffer, 0, count, StandardCharsets.UTF_8);
            if (kept.length() < OUTPUT_LIMIT) {
                kept.append(text);
            }
            for (char c : text.toCharArray()) {
                if (c == '\n' || c == '\r') {
                    lines.accept(line.toString());
                    line.setLength(0);
                } else if (line.length() < OUTPUT_LIMIT) {
                    line.append(c);
                }
            }
        }
        return kept.toString();
    }

    private static BerthException failed(List<String> command, int status, String output) {
        if (NodeFailures.outOfSpace(output)) {
            return BerthException.of(ErrorCode.OUT_OF_SPACE, "The node's disk is full; free space and try again.");
        }
        String reason = status == 137 ? "ended by its time limit" : "status " + status;
        return BerthException.of(
                ErrorCode.DRIVER_FAILED,
                command.getFirst() + " failed (" + reason + "): " + NodeFailures.shorten(output.replace('\r', '\n')));
    }
}
