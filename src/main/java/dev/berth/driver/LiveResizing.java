package dev.berth.driver;

import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import java.util.UUID;

/** Changes CPUs and memory of a running instance, where the guest plays along. */
public interface LiveResizing extends DriverCapability {
    /** Sets both, up to the maxima of the definition; WRONG_STATE unless it runs. */
    void resize(UUID id, CpuCount cpus, DataSize memory);
}
