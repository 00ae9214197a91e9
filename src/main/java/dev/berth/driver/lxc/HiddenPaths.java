package dev.berth.driver.lxc;

import java.util.List;

/** Paths of the kernel's file systems that a container cannot see or cannot write; Docker's list and a little more. */
final class HiddenPaths {
    private static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final List<String> SYSTEM_READ_ONLY = List.of("/proc/bus", "/proc/irq", "/proc/sysrq-trigger");

    private HiddenPaths() {}

    static List<String> masked(boolean app) {
        return app
                ? MASKED
                : MASKED.stream()
                        .filter(path -> !path.equals("/proc/interrupts"))
                        .toList();
    }

    /** A system's own init sets the kernel parameters of its namespaces, so {@code /proc/sys} is left to it. */
    static List<String> readOnly(boolean app) {
        return app ? READ_ONLY : SYSTEM_READ_ONLY;
    }
}
