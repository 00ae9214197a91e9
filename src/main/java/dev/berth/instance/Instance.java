package dev.berth.instance;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.InstanceSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.StoredImage;
import dev.berth.driver.VmSpec;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.quota.Amounts;
import dev.berth.quota.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An instance as its users want it.
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
                id, name, projectName, cpus, maxCpus, memory, maxMemory, disks, nics, List.of(), spec);
    }

    /** What it takes of its project's quota, snapshots apart. */
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

    /** The same with other sizes. */
    Instance resized(CpuCount cpus, DataSize memory, List<DiskSpec> disks) {
        CpuCount mostCpus = cpus.value() > maxCpus.value() ? cpus : maxCpus;
        DataSize mostMemory = memory.compareTo(maxMemory) > 0 ? memory : maxMemory;
        return new Instance(
                id,
                project,
                projectName,
                name,
                node,
                image,
                phase,
                desiredRunning,
                cpus,
                mostCpus,
                memory,
                mostMemory,
                disks,
                nics,
                spec,
                deletionProtection,
                createdAt,
                version);
    }

    Instance withNics(List<NicSpec> more) {
        return new Instance(
                id,
                project,
                projectName,
                name,
                node,
                image,
                phase,
                desiredRunning,
                cpus,
                maxCpus,
                memory,
                maxMemory,
                disks,
                more,
                spec,
                deletionProtection,
                createdAt,
                version);
    }

    Instance withDisks(@Nullable UUID from, List<DiskSpec> others) {
        return new Instance(
                id,
                project,
                projectName,
                name,
                node,
                from,
                phase,
                desiredRunning,
                cpus,
                maxCpus,
                memory,
                maxMemory,
                others,
                nics,
                spec,
                deletionProtection,
                createdAt,
                version);
    }

    Instance named(String other, boolean protectedNow) {
        return new Instance(
                id,
                project,
                projectName,
                other,
                node,
                image,
                phase,
                desiredRunning,
                cpus,
                maxCpus,
                memory,
                maxMemory,
                disks,
                nics,
                spec,
                protectedNow,
                createdAt,
                version);
    }

    /** A new instance like this one, without addresses yet. */
    Instance copied(String other, List<DiskSpec> copies, boolean running, Instant now) {
        return new Instance(
                dev.berth.kernel.Uuids.next(),
                project,
                projectName,
                other,
                node,
                image,
                Phase.CREATING,
                running,
                cpus,
                maxCpus,
                memory,
                maxMemory,
                copies,
                List.of(),
                namedInGuest(other),
                false,
                now,
                0);
    }

    /** A host name that cloud-init took from the instance's name follows it; one that was chosen stays. */
    private InstanceSpec namedInGuest(String other) {
        if (!(spec instanceof VmSpec vm)) {
            return spec;
        }
        VmSpec.CloudInit old = vm.cloudInit();
        if (old == null || !old.hostname().equals(name)) {
            return spec;
        }
        return new VmSpec(
                vm.firmware(),
                vm.bootOrder(),
                vm.directBoot(),
                vm.video(),
                vm.cpuModel(),
                vm.guestAgent(),
                new VmSpec.CloudInit(old.userData(), old.networkConfig(), old.sshKeys(), other));
    }

    /** The same, booting as another image does. */
    Instance booting(StoredImage.@Nullable Boot boot) {
        if (!(spec instanceof VmSpec vm)) {
            return this;
        }
        VmSpec.DirectBoot direct =
                boot == null ? null : new VmSpec.DirectBoot(boot.kernel(), boot.initrd(), boot.commandLine());
        VmSpec other = new VmSpec(
                vm.firmware(), vm.bootOrder(), direct, vm.video(), vm.cpuModel(), vm.guestAgent(), vm.cloudInit());
        return new Instance(
                id,
                project,
                projectName,
                name,
                node,
                image,
                phase,
                desiredRunning,
                cpus,
                maxCpus,
                memory,
                maxMemory,
                disks,
                nics,
                other,
                deletionProtection,
                createdAt,
                version);
    }
}
