package dev.berth.instance;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.NicSpec;
import dev.berth.driver.VmSpec;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ResourceName;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request for an instance. Only the name is required, and the image of a container; everything else has a default. Fields
 * that only the other kind has are refused.
 *
 * @param kind {@code vm} or {@code container}; by default what the image is for, and a virtual machine without one
 * @param image id or name; a container's may also be a registry's reference, which is pulled if it is not there. Without
 *     one a blank disk is made
 * @param cpus 1 by default
 * @param memory bytes; 512 MiB by default
 * @param diskSize bytes of the root disk, by default what the image needs, or 10 GiB for a blank one; of a container the
 *     hard limit of what it writes, 10 GiB by default
 * @param start whether to start it at once; false by default
 * @param cloneMode {@code linked} (default) or {@code full}
 * @param disks further disks
 * @param nics interfaces; by default one in the default network. An empty list means none
 * @param publish ports of the node that lead to ports of the instance; none by default
 * @param iso image in an optical drive
 * @param mode {@code app} runs one process, {@code system} boots the image's own init; by default as the image is
 * @param entrypoint replaces the image's entry point, and with it its command
 * @param command replaces the image's command
 * @param env over the image's own; an object, or a list of NAME=value
 * @param user {@code user[:group]}, by name or number
 * @param stopSignal asks it to end, for example SIGTERM
 * @param tty whether its process gets a terminal
 * @param stdin whether attached clients can write to it
 * @param networkMode {@code bridge} (default), {@code none}, or by policy {@code host}
 * @param extraHosts further host names and their addresses
 * @param removeOnExit whether it is deleted when its process has ended
 * @param hostname its own host name; the instance's name by default. That of a virtual machine is cloudInit's
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
        @Nullable List<PublishedPort> publish,
        @Nullable String iso,
        VmSpec.@Nullable Firmware firmware,
        @Nullable List<VmSpec.BootDevice> bootOrder,
        VmSpec.@Nullable Video video,
        @Nullable String cpuModel,
        @Nullable Boolean guestAgent,
        @Nullable NewCloudInit cloudInit,
        @Nullable Boolean deletionProtection,
        @Nullable String node,
        ContainerSpec.@Nullable Mode mode,
        @Nullable List<String> entrypoint,
        @Nullable List<String> command,
        @Nullable Environment env,
        @Nullable String user,
        @Nullable String workingDirectory,
        @Nullable String stopSignal,
        @Nullable Boolean tty,
        @Nullable Boolean stdin,
        NewContainer.@Nullable NewRestart restart,
        NewContainer.@Nullable NewHealth health,
        NewContainer.@Nullable NewLimits limits,
        NewContainer.@Nullable NewSecurity security,
        ContainerSpec.@Nullable NetworkMode networkMode,
        @Nullable List<NewContainer.NewMount> mounts,
        @Nullable Map<String, String> extraHosts,
        @Nullable Boolean removeOnExit,
        @Nullable String hostname) {
    private static final Set<String> MACHINES_ONLY = Set.of(
            "maxCpus",
            "maxMemory",
            "cloneMode",
            "diskBus",
            "disks",
            "iso",
            "firmware",
            "bootOrder",
            "video",
            "cpuModel",
            "guestAgent",
            "cloudInit");
    private static final Set<String> CONTAINERS_ONLY = Set.of(
            "mode",
            "entrypoint",
            "command",
            "env",
            "user",
            "workingDirectory",
            "stopSignal",
            "tty",
            "stdin",
            "restart",
            "health",
            "limits",
            "security",
            "networkMode",
            "mounts",
            "extraHosts",
            "removeOnExit",
            "hostname");

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

    /** The request that a JSON object with these fields means; values may be of the field's type, too. */
    public static NewInstance of(Map<String, ? extends @Nullable Object> fields) {
        return BerthJson.convert(fields, NewInstance.class);
    }

    /** Refuses what only the other kind has. */
    void checkFields(InstanceKind wanted) {
        Set<String> foreign =
                switch (wanted) {
                    case VM -> CONTAINERS_ONLY;
                    case CONTAINER -> MACHINES_ONLY;
                };
        Arrays.stream(NewInstance.class.getRecordComponents())
                .filter(component -> foreign.contains(component.getName()) && isGiven(component))
                .findFirst()
                .ifPresent(component -> {
                    throw BerthException.invalid(
                            "/" + component.getName(),
                            wanted == InstanceKind.VM
                                    ? "Only containers have this; a virtual machine is what was asked for."
                                    : "Only virtual machines have this; a container is what was asked for.");
                });
    }

    private boolean isGiven(RecordComponent component) {
        try {
            return component.getAccessor().invoke(this) != null;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
