package dev.berth.storage;

import dev.berth.driver.VolumeDriver;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Versioned;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A volume.
 *
 * @param size hard limit
 * @param instance the instance whose image asked for it and that it goes with; null for one that stays
 */
public record Volume(
        UUID id,
        UUID project,
        String name,
        UUID node,
        DataSize size,
        State state,
        @Nullable UUID instance,
        Instant createdAt,
        long version)
        implements Versioned {
    /** Where a volume is in its life. */
    public enum State {
        CREATING,
        READY,
        DELETING
    }

    VolumeDriver.VolumeSpec spec() {
        return new VolumeDriver.VolumeSpec(id, size);
    }

    String queueKey() {
        return "volume:" + id;
    }
}
