package dev.berth.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A line of {@code /proc/PID/stat}; see {@code proc_pid_stat(5)}.
 *
 * @param state one letter: R, S, D, Z, T …
 * @param ticks processor time used, in user and kernel mode
 * @param startTicks when it started, in ticks since the node did; tells it from a later process of the same number
 * @param residentPages memory
 */
public record ProcessStat(String name, String state, long parent, long ticks, long startTicks, long residentPages) {
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int START = 19;
    private static final int RESIDENT = 21;

    /** Of a process of this node; empty when it has ended. */
    public static Optional<ProcessStat> of(long pid) {
        try {
            // A process gives itself any name, of bytes that are no text too; that hides nothing of it.
            return parse(new String(Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Parses a line; the name in parentheses may hold anything. */
    public static Optional<ProcessStat> parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = line.substring(close + 1).strip().split(" ");
        if (fields.length <= RESIDENT) {
            return Optional.empty();
        }
        return Optional.of(new ProcessStat(
                line.substring(open + 1, close),
                fields[STATE],
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]),
                Long.parseLong(fields[START]),
                Long.parseLong(fields[RESIDENT])));
    }

    public boolean isAlive() {
        return !state.equals("Z") && !state.equals("X");
    }
}
