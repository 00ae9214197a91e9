package dev.berth.driver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A further process in a running container; it gets the container's own environment, and then this one's.
 *
 * @param args program and arguments; never empty
 * @param env {@code NAME=value} pairs
 * @param user as in {@link ProcessSpec}; null for the user of the container's process
 * @param tty whether it gets a terminal
 */
public record ExecSpec(
        List<String> args,
        List<String> env,
        @Nullable String user,
        @Nullable String workingDirectory,
        boolean tty) {
    public ExecSpec {
        args = List.copyOf(args);
        env = List.copyOf(env);
    }
}
