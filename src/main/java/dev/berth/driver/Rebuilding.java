package dev.berth.driver;

/** Replaces the disks of a stopped instance that are made from images. */
public interface Rebuilding extends DriverCapability {
    /** Makes the root disk anew from its image, keeping identity, addresses and the other disks. WRONG_STATE if it runs. */
    @Deadline(seconds = 3600)
    void rebuild(InstanceDefinition definition, ProgressSink progress);
}
