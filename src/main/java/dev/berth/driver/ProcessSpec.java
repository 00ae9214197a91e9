package dev.berth.driver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process inside a container: what an image's configuration and the user's overrides come to.
 *
 * @param args program and arguments; never empty
 * @param env {@code NAME=value} pairs
 * @param user {@code user[:group]}, by name or number, looked up inside the container; null for root
 * @param workingDirectory absolute path inside; null for {@code /}
 * @param stopSignal signal that asks it to end, for example {@code SIGTERM}; null for SIGTERM
 * @param tty whether it gets a terminal; without one, its output streams stay apart
 * @param stdin whether attached clients can write to it
 */
public record ProcessSpec(
        List<String> args,
        List<String> env,
        @Nullable String user,
        @Nullable String workingDirectory,
        @Nullable String stopSignal,
        boolean tty,
        boolean stdin) {
    public ProcessSpec {
        args = List.copyOf(args);
        env = List.copyOf(env);
    }

    /** A process with these arguments and nothing else. */
    public static ProcessSpec of(String... args) {
        return new ProcessSpec(List.of(args), List.of(), null, null, null, false, false);
    }
}
