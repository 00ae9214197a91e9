package dev.berth.instance;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.Publication;
import dev.berth.driver.StoredImage;
import dev.berth.driver.VmSpec;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Uuids;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An instance being changed. Nothing is shared with the original, and nothing is checked before {@link DefinitionRules}. */
final class InstanceDraft {
    UUID id;
    UUID project;
    String projectName;
    String name;
    UUID node;

    @Nullable
    UUID image;

    Instance.Phase phase;
    boolean desiredRunning;
    CpuCount cpus;
    CpuCount maxCpus;
    DataSize memory;
    DataSize maxMemory;
    List<DiskSpec> disks;
    List<NicSpec> nics;
    List<Publication> publications;
    InstanceSpec spec;
    boolean deletionProtection;
    Instant createdAt;
    long version;

    InstanceDraft(Instance from) {
        id = from.id();
        project = from.project();
        projectName = from.projectName();
        name = from.name();
        node = from.node();
        image = from.image();
        phase = from.phase();
        desiredRunning = from.desiredRunning();
        cpus = from.cpus();
        maxCpus = from.maxCpus();
        memory = from.memory();
        maxMemory = from.maxMemory();
        disks = from.disks();
        nics = from.nics();
        publications = from.publications();
        spec = from.spec();
        deletionProtection = from.deletionProtection();
        createdAt = from.createdAt();
        version = from.version();
    }

    Instance done() {
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
                publications,
                spec,
                deletionProtection,
                createdAt,
                version);
    }

    /** Other sizes; the maxima of a virtual machine grow with them, a container has none. */
    void resize(CpuCount wantedCpus, DataSize wantedMemory) {
        cpus = wantedCpus;
        memory = wantedMemory;
        boolean machine = spec instanceof VmSpec;
        maxCpus = machine && cpus.value() <= maxCpus.value() ? maxCpus : cpus;
        maxMemory = machine && memory.compareTo(maxMemory) <= 0 ? maxMemory : memory;
    }

    /** Makes a new instance of it, without addresses and published ports yet. */
    void copyAs(String other, List<DiskSpec> copies, boolean running, Instant now) {
        spec = namedInGuest(other);
        id = Uuids.next();
        name = other;
        disks = copies;
        nics = List.of();
        publications = List.of();
        phase = Instance.Phase.CREATING;
        desiredRunning = running;
        deletionProtection = false;
        createdAt = now;
        version = 0;
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

    /** Has a virtual machine boot as an image does; a container's process is no matter of booting. */
    void bootLike(StoredImage.@Nullable Boot boot) {
        if (spec instanceof VmSpec vm) {
            VmSpec.DirectBoot direct =
                    boot == null ? null : new VmSpec.DirectBoot(boot.kernel(), boot.initrd(), boot.commandLine());
            spec = new VmSpec(
                    vm.firmware(), vm.bootOrder(), direct, vm.video(), vm.cpuModel(), vm.guestAgent(), vm.cloudInit());
        }
    }
}
