package dev.berth.driver;

import java.time.Duration;
import java.util.UUID;

/** Runs further processes in a running instance. */
public interface Executing extends DriverCapability {
    /**
     * Runs a command to its end; WRONG_STATE unless the instance runs.
     *
     * @param timeout it is killed after this, and the call fails with TIMEOUT
     */
    @Deadline(seconds = 900)
    ExecResult exec(UUID id, ExecSpec spec, String stdin, Duration timeout);

    /**
     * Runs a command that somebody talks to.
     *
     * @param output gets stdout and stderr; its end says {@code exit N}
     */
    @Deadline(seconds = 0)
    ConsoleStream openExec(UUID id, ExecSpec spec, ConsoleOutput output);
}
