package dev.berth.instance;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.InstanceSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.Publication;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.quota.Amounts;
import dev.berth.quota.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An instance as its users want it. A changed copy comes from {@link #with}.
 *
 * @param phase where it is in its life
 * @param desiredRunning whether it should run
 */
public record Instance(
        UUID id,
        UUID project,
        String projectName,
        String name,
        UUID node,
        @Nullable UUID image,
        Phase phase,
        boolean desiredRunning,
        CpuCount cpus,
        CpuCount maxCpus,
        DataSize memory,
        DataSize maxMemory,
        List<DiskSpec> disks,
        List<NicSpec> nics,
        List<Publication> publications,
        InstanceSpec spec,
        boolean deletionProtection,
        Instant createdAt,
        long version) {
    /** Where an instance is in its life. */
    public enum Phase {
        CREATING,
        READY,
        DELETING
    }

    public Instance {
        disks = List.copyOf(disks);
        nics = List.copyOf(nics);
        // Instances in journals of an earlier version have none.
        publications = List.copyOf(Objects.requireNonNullElse(publications, List.of()));
    }

    /** A copy with some of it changed. */
    Instance with(Consumer<InstanceDraft> change) {
        InstanceDraft draft = new InstanceDraft(this);
        change.accept(draft);
        return draft.done();
    }

    public InstanceKind kind() {
        return spec.instanceKind();
    }

    String queueKey() {
        return "instance:" + id;
    }

    /** What the driver gets. */
    public InstanceDefinition definition() {
        return new InstanceDefinition(
                id, name, projectName, cpus, maxCpus, memory, maxMemory, disks, nics, publications, spec, project);
    }

    /** What it takes of its project's quota, snapshots and volumes apart. */
    public Amounts amounts() {
        return new Amounts(Map.of(
                Resource.INSTANCES,
                1L,
                Resource.CPUS,
                (long) cpus.value(),
                Resource.MEMORY,
                memory.bytes(),
                Resource.DISK,
                disks.stream().mapToLong(disk -> disk.size().bytes()).sum()));
    }
}
