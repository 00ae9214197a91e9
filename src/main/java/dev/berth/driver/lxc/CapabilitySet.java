package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.kernel.BerthException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The capabilities that a container keeps, inside its own user namespace.
 *
 * <p>For app containers Docker's usual fourteen without raw sockets, device nodes and audit records; ping works through the
 * sysctl {@code ping_group_range}. System containers have what an init needs to boot, and lack what reaches beyond them.
 */
final class CapabilitySet {
    private static final List<String> APP = List.of(
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");

    private static final List<String> SYSTEM_MORE = List.of(
            "AUDIT_CONTROL",
            "AUDIT_WRITE",
            "DAC_READ_SEARCH",
            "IPC_LOCK",
            "IPC_OWNER",
            "LEASE",
            "LINUX_IMMUTABLE",
            "MKNOD",
            "NET_ADMIN",
            "NET_BROADCAST",
            "NET_RAW",
            "SYS_ADMIN",
            "SYS_BOOT",
            "SYS_NICE",
            "SYS_PTRACE",
            "SYS_RESOURCE",
            "SYS_TTY_CONFIG");

    private CapabilitySet() {}

    /** Their names as the kernel has them; refused when the policy does not allow one. */
    static List<String> of(ContainerSpec spec, DriverPolicy policy) {
        Set<String> kept = new TreeSet<>(APP);
        if (spec.mode() == ContainerSpec.Mode.SYSTEM) {
            kept.addAll(SYSTEM_MORE);
        }
        List<String> drop = spec.security().dropCapabilities().stream()
                .map(CapabilitySet::name)
                .toList();
        if (drop.contains("ALL")) {
            kept.clear();
        }
        drop.forEach(kept::remove);
        for (String asked : spec.security().addCapabilities()) {
            kept.add(allowed(name(asked), policy));
        }
        return kept.stream().map(name -> "CAP_" + name).toList();
    }

    private static String allowed(String name, DriverPolicy policy) {
        boolean usual = APP.contains(name);
        if (!usual
                && policy.addCapabilities().stream().noneMatch(one -> name(one).equals(name))) {
            throw BerthException.invalid(
                    "/spec/security/addCapabilities",
                    "This node's policy does not allow CAP_" + name + "; leave it out or ask an administrator.");
        }
        return name;
    }

    private static String name(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT).replaceFirst("^CAP_", "");
        if (!name.matches("[A-Z_]{1,40}")) {
            throw BerthException.invalid(
                    "/spec/security", "A capability is written like CAP_NET_BIND_SERVICE, or ALL to drop every one.");
        }
        return name;
    }
}
