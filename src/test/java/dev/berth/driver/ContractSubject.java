package dev.berth.driver;

import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A driver under the contract suite, with what the suite has to know of it. */
public interface ContractSubject extends AutoCloseable {
    InstanceDriver driver();

    /** Disks that a definition may have here; the first is the root disk. */
    List<DiskSpec> disks();

    /** Kind-specific part of an instance that starts quickly. */
    InstanceSpec spec();

    /** A disk that cannot be made, so that a definition with it fails. */
    DiskSpec impossibleDisk();

    /** How long a change may take to show in events. */
    default Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** A small instance, new in each call. */
    default InstanceDefinition definition(UUID id, String name) {
        return new InstanceDefinition(
                id,
                name,
                "contract",
                new CpuCount(1),
                new CpuCount(2),
                DataSize.ofMebibytes(128),
                DataSize.ofMebibytes(192),
                disks(),
                List.of(),
                List.of(),
                spec());
    }

    @Override
    void close();
}
