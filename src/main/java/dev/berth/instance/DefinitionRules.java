package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.VmSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The one check of an effective configuration; create, clone, change and rebuild all pass through it. */
@ApplicationScoped
class DefinitionRules {
    private static final DataSize LEAST_MEMORY = DataSize.ofMebibytes(32);
    private static final DataSize LEAST_CONTAINER_MEMORY = DataSize.ofMebibytes(4);
    /** With 128 MiB OVMF dies of a page fault while it loads a kernel; with 256 MiB it boots it (measured). */
    private static final DataSize LEAST_UEFI_MEMORY = DataSize.ofMebibytes(256);

    private static final DataSize MOST_MEMORY = DataSize.ofGibibytes(8192);
    private static final DataSize LEAST_DISK = DataSize.ofMebibytes(1);
    private static final DataSize MOST_DISK = DataSize.ofGibibytes(65536);
    private static final int MOST_DISKS = 16;
    static final int MOST_NICS = 8;
    private static final int MOST_USER_DATA = 64 * 1024;
    private static final Pattern CPU_MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern SSH_KEY = Pattern.compile(
            "(ssh-(rsa|ed25519|dss)|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/=]+( [ -~]*)?");
    private final ContainerPolicy policy;

    DefinitionRules(ContainerPolicy policy) {
        this.policy = policy;
    }

    /**
     * Checks what an instance would be.
     *
     * @param before what it is, or null for a new one
     * @throws BerthException INVALID_ARGUMENT, or FORBIDDEN where a rule keeps it from this caller
     */
    void check(Instance instance, @Nullable Instance before, Caller caller) {
        check(instance);
        if (instance.spec() instanceof ContainerSpec container) {
            policy.check(container, before != null && before.spec() instanceof ContainerSpec old ? old : null, caller);
        }
    }

    private static void check(Instance instance) {
        DataSize leastMemory =
                switch (instance.kind()) {
                    case VM -> LEAST_MEMORY;
                    case CONTAINER -> LEAST_CONTAINER_MEMORY;
                };
        between("/memory", instance.memory(), leastMemory, MOST_MEMORY);
        between("/maxMemory", instance.maxMemory(), instance.memory(), MOST_MEMORY);
        if (instance.maxCpus().value() < instance.cpus().value()) {
            throw BerthException.invalid("/maxCpus", "maxCpus is at least cpus.");
        }
        disks(instance.disks());
        if (instance.nics().size() > MOST_NICS) {
            throw BerthException.invalid("/nics", "An instance has at most " + MOST_NICS + " interfaces.");
        }
        switch (instance.spec()) {
            case VmSpec vm -> {
                machine(vm);
                if (vm.firmware() == VmSpec.Firmware.UEFI) {
                    between("/memory", instance.memory(), LEAST_UEFI_MEMORY, MOST_MEMORY);
                }
            }
            case ContainerSpec container -> ContainerRules.check(instance, container);
        }
    }

    private static void disks(List<DiskSpec> disks) {
        if (disks.size() > MOST_DISKS) {
            throw BerthException.invalid("/disks", "An instance has at most " + MOST_DISKS + " disks and drives.");
        }
        Set<String> names = new HashSet<>();
        for (DiskSpec disk : disks) {
            if (!names.add(disk.name())) {
                throw BerthException.invalid("/disks", "Two disks are named '" + disk.name() + "'.");
            }
            if (disk.device() == DiskSpec.Device.DISK) {
                between(disk.name().equals("root") ? "/diskSize" : "/disks", disk.size(), LEAST_DISK, MOST_DISK);
            }
        }
    }

    private static void machine(VmSpec vm) {
        if (vm.bootOrder().isEmpty()
                || new HashSet<>(vm.bootOrder()).size() != vm.bootOrder().size()) {
            throw BerthException.invalid("/bootOrder", "The boot order names each device once, and at least one.");
        }
        String model = vm.cpuModel();
        if (model != null && !CPU_MODEL.matcher(model).matches()) {
            throw BerthException.invalid(
                    "/cpuModel", "A CPU model is one of QEMU's names, for example Skylake-Server.");
        }
        VmSpec.CloudInit cloudInit = vm.cloudInit();
        if (cloudInit != null) {
            cloudInit(cloudInit);
        }
    }

    private static void cloudInit(VmSpec.CloudInit cloudInit) {
        text("/cloudInit/userData", cloudInit.userData());
        text("/cloudInit/networkConfig", cloudInit.networkConfig());
        if (cloudInit.sshKeys().size() > 64) {
            throw BerthException.invalid("/cloudInit/sshKeys", "At most 64 SSH keys.");
        }
        for (int i = 0; i < cloudInit.sshKeys().size(); i++) {
            String key = cloudInit.sshKeys().get(i);
            if (key.length() > 16_384 || !SSH_KEY.matcher(key).matches()) {
                throw BerthException.invalid(
                        "/cloudInit/sshKeys/" + i, "An SSH key is one line such as 'ssh-ed25519 AAAA… comment'.");
            }
        }
        if (cloudInit.hostname().length() > 253
                || !ContainerRules.HOSTNAME.matcher(cloudInit.hostname()).matches()) {
            throw BerthException.invalid(
                    "/cloudInit/hostname", "A host name has letters, digits and hyphens, with dots between labels.");
        }
    }

    private static void text(String pointer, @Nullable String text) {
        if (text != null && text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MOST_USER_DATA) {
            throw BerthException.invalid(pointer, "At most 64 KiB.");
        }
    }

    private static void between(String pointer, DataSize value, DataSize least, DataSize most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw BerthException.invalid(
                    pointer,
                    String.format(
                            Locale.ROOT,
                            "%d bytes is out of range; from %d (%s) to %d (%s).",
                            value.bytes(),
                            least.bytes(),
                            least.display(),
                            most.bytes(),
                            most.display()));
        }
    }
}
