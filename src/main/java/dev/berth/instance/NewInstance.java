package dev.berth.instance;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.NicSpec;
import dev.berth.driver.VmSpec;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ResourceName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for an instance. Only the name is required; everything else has a default.
 *
 * @param kind {@code vm}
 * @param image id or name; without one a blank disk is made
 * @param cpus 1 by default
 * @param memory bytes; 512 MiB by default
 * @param diskSize bytes of the root disk; by default what the image needs, or 10 GiB for a blank one
 * @param start whether to start it at once; false by default
 * @param cloneMode {@code linked} (default) or {@code full}
 * @param disks further disks
 * @param nics interfaces; by default one in the default network. An empty list means none
 * @param iso image in an optical drive
 */
public record NewInstance(
        ResourceName name,
        @Nullable InstanceKind kind,
        @Nullable String image,
        @Nullable CpuCount cpus,
        @Nullable CpuCount maxCpus,
        @Nullable DataSize memory,
        @Nullable DataSize maxMemory,
        @Nullable DataSize diskSize,
        @Nullable Boolean start,
        DiskSpec.@Nullable CloneMode cloneMode,
        DiskSpec.@Nullable Bus diskBus,
        @Nullable List<NewDisk> disks,
        @Nullable List<NewNic> nics,
        @Nullable String iso,
        VmSpec.@Nullable Firmware firmware,
        @Nullable List<VmSpec.BootDevice> bootOrder,
        VmSpec.@Nullable Video video,
        @Nullable String cpuModel,
        @Nullable Boolean guestAgent,
        @Nullable NewCloudInit cloudInit,
        @Nullable Boolean deletionProtection,
        @Nullable String node) {

    /** A further, blank disk. */
    public record NewDisk(ResourceName name, DataSize size, DiskSpec.@Nullable Bus bus) {}

    /** An interface; in the default network unless another is named. */
    public record NewNic(@Nullable String network, NicSpec.@Nullable Model model) {}

    /** First-boot configuration; the host name is the instance's name unless given. */
    public record NewCloudInit(
            @Nullable String userData,
            @Nullable String networkConfig,
            @Nullable List<String> sshKeys,
            @Nullable String hostname) {}

    /** The smallest request. */
    public static NewInstance of(
            ResourceName name, @Nullable String image, CpuCount cpus, DataSize memory, boolean start) {
        return new NewInstance(
                name,
                InstanceKind.VM,
                image,
                cpus,
                null,
                memory,
                null,
                null,
                start,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
