package dev.berth.storage;

import dev.berth.kernel.DataSize;
import dev.berth.kernel.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A volume with what is in it and who has it.
 *
 * @param used bytes in use; null while the node does not say
 * @param users names of the instances that are defined with it
 */
public record VolumeView(
        UUID id,
        UUID project,
        String name,
        UUID node,
        DataSize size,
        @Nullable DataSize used,
        Volume.State state,
        @Nullable UUID instance,
        List<String> users,
        Instant createdAt,
        long version)
        implements Versioned {
    static VolumeView of(Volume volume, @Nullable DataSize used, List<String> users) {
        return new VolumeView(
                volume.id(),
                volume.project(),
                volume.name(),
                volume.node(),
                volume.size(),
                used,
                volume.state(),
                volume.instance(),
                users,
                volume.createdAt(),
                volume.version());
    }
}
