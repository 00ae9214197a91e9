package dev.berth.driver;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Lists the processes of a running instance. */
public interface Processes extends DriverCapability {
    List<Entry> processes(UUID id);

    /**
     * A process.
     *
     * @param pid inside the instance
     * @param user number inside the instance
     * @param memory resident bytes
     */
    record Entry(int pid, int parent, int user, String state, Duration cpu, long memory, String command) {}
}
