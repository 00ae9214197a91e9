package dev.berth.driver;

import java.util.UUID;

/** Makes a new instance from the disks of another. */
public interface Cloning extends DriverCapability {
    /**
     * Defines {@code target} with copies of the disks of {@code source}, matched by disk name. The source is stopped,
     * or paused for as long as the copy of a consistent state needs. Copies share nothing with the source.
     */
    @Deadline(seconds = 3600)
    void cloneInstance(UUID source, InstanceDefinition target, ProgressSink progress);
}
