package dev.berth.driver.libvirt;

import dev.berth.driver.ProcessStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * The QEMU process of a running instance, and its counters in procfs.
 *
 * <p>The process, not its cgroup, is asked: both say the same of a process with one job, and the cgroup's place depends on
 * version and on systemd.
 */
record QemuProcess(long pid) {
    /** {@code USER_HZ}: fixed at 100 on Linux for x86. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final long PAGE = 4096;

    /** Reads the pid file that libvirt keeps while the guest runs. */
    static Optional<QemuProcess> find(Path runDirectory, UUID id) {
        try {
            String text = Files.readString(runDirectory.resolve(DomainMetadata.domainName(id) + ".pid"));
            return Optional.of(new QemuProcess(Long.parseLong(text.strip())));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** CPU time of all its threads; empty when it has ended. */
    Optional<Long> cpuNanos() {
        return ProcessStat.of(pid).map(stat -> stat.ticks() * NANOS_PER_TICK);
    }

    /** When it started, in clock ticks since the node's boot: to 10 ms, where the JVM says whole seconds. */
    Optional<Long> startTicks() {
        return ProcessStat.of(pid).map(ProcessStat::startTicks);
    }

    /** Resident memory. */
    long residentBytes() {
        return read("statm").map(QemuProcess::residentBytes).orElse(0L);
    }

    static long residentBytes(String statm) {
        return Long.parseLong(statm.split(" ")[1]) * PAGE;
    }

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(Path.of("/proc", Long.toString(pid), file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
