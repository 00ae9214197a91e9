package dev.berth.driver;

import dev.berth.kernel.DataSize;
import java.util.List;
import java.util.UUID;

/** A node's volumes: file systems of their own, which containers share and outlive. */
public interface VolumeDriver {
    /** Makes a volume; success if it is there. Growing it is allowed, shrinking is INVALID_ARGUMENT. */
    @Deadline(seconds = 120)
    void ensureVolume(VolumeSpec volume);

    /** Removes a volume and what is in it; success if it is gone; IN_USE while a container has it. */
    @Deadline(seconds = 120)
    void removeVolume(UUID id);

    List<VolumeState> volumes();

    /**
     * A volume.
     *
     * @param size hard limit
     */
    record VolumeSpec(UUID id, DataSize size) {}

    /**
     * What a volume takes.
     *
     * @param used bytes in use
     * @param users instances that are defined with it
     */
    record VolumeState(UUID id, DataSize size, DataSize used, List<UUID> users) {
        public VolumeState {
            users = List.copyOf(users);
        }
    }
}
