package dev.berth.instance;

import dev.berth.driver.InstanceKind;
import dev.berth.driver.ObservedState;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An instance as a fleet tool needs it: what it is, where it is, what it does; without the details of its hardware.
 *
 * @param exit how its process ended last; containers only
 * @param health what its health check says, or null without one
 * @param stale whether the state is only the last that was seen, because node or hypervisor do not answer
 * @param disk provisioned bytes of all disks together
 */
public record InventoryItem(
        UUID id,
        String name,
        UUID project,
        String projectName,
        InstanceKind kind,
        UUID node,
        String nodeName,
        @Nullable UUID image,
        @Nullable String imageName,
        InstanceView.State state,
        @Nullable String reason,
        InstanceView.@Nullable Exit exit,
        ObservedState.@Nullable Health health,
        boolean stale,
        InstanceView.State desiredState,
        CpuCount cpus,
        DataSize memory,
        DataSize disk,
        List<String> addresses,
        boolean deletionProtection,
        InstanceView.@Nullable Usage usage,
        @Nullable Instant startedAt,
        Instant createdAt,
        long version) {}
