package dev.berth.driver;

import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The complete description of an instance, as a driver gets it.
 *
 * @param id identity that never changes; file, domain and container names derive from it
 * @param name shown to people; may change
 * @param project name of the owning project, kept as metadata
 * @param maxCpus CPUs that can be plugged in while running; at least {@code cpus}
 * @param maxMemory memory that the instance can grow to while running; at least {@code memory}
 * @param publications published ports; they lead to the first interface
 * @param owner id of the owning project, which never changes; null in definitions of an earlier version
 */
public record InstanceDefinition(
        UUID id,
        String name,
        String project,
        CpuCount cpus,
        CpuCount maxCpus,
        DataSize memory,
        DataSize maxMemory,
        List<DiskSpec> disks,
        List<NicSpec> nics,
        List<Publication> publications,
        InstanceSpec spec,
        @Nullable UUID owner) {
    public InstanceDefinition {
        disks = List.copyOf(disks);
        nics = List.copyOf(nics);
        publications = List.copyOf(publications);
    }

    /** A definition that does not say whose it is. */
    public InstanceDefinition(
            UUID id,
            String name,
            String project,
            CpuCount cpus,
            CpuCount maxCpus,
            DataSize memory,
            DataSize maxMemory,
            List<DiskSpec> disks,
            List<NicSpec> nics,
            List<Publication> publications,
            InstanceSpec spec) {
        this(id, name, project, cpus, maxCpus, memory, maxMemory, disks, nics, publications, spec, null);
    }

    /** The same with other disks. */
    public InstanceDefinition withDisks(List<DiskSpec> other) {
        return new InstanceDefinition(
                id, name, project, cpus, maxCpus, memory, maxMemory, other, nics, publications, spec, owner);
    }

    /** The same with other CPUs and other memory, within the same maxima. */
    public InstanceDefinition withSize(CpuCount otherCpus, DataSize otherMemory) {
        return new InstanceDefinition(
                id, name, project, otherCpus, maxCpus, otherMemory, maxMemory, disks, nics, publications, spec, owner);
    }

    /** Its host name inside: the one that was chosen for it, or its name. */
    public String hostname() {
        String chosen = spec instanceof ContainerSpec container ? container.hostname() : null;
        return chosen == null ? name : chosen;
    }
}
