package dev.berth.driver;

import dev.berth.kernel.DataSize;
import java.util.UUID;

/** Grows disks, running or not. */
public interface DiskGrowing extends DriverCapability {
    /** Grows a disk to a size; success if it has it; INVALID_ARGUMENT if it is larger already. */
    @Deadline(seconds = 300)
    void growDisk(UUID id, UUID disk, DataSize size);
}
