package dev.berth.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.crash.Shell;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How a container is locked in by default, asked from inside of a running one through exec. */
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockedInTest {
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int EAFNOSUPPORT = 97;
    private static final int ENOSYS = 38;
    /** What Docker keeps, less NET_RAW, MKNOD and AUDIT_WRITE: capability(7) numbers. */
    private static final List<Integer> KEPT = List.of(0, 1, 3, 4, 5, 6, 7, 8, 10, 18, 31);

    private final Containers containers = Containers.open();

    @BeforeAll
    void start() throws java.io.IOException {
        java.nio.file.Path probe = java.nio.file.Files.createTempFile("berth", ".probe");
        Shell.run("gcc", "-O1", "-static", "-o", probe.toString(), "src/test/resources/dev/berth/container/denied.c");
        containers.upload(
                "box",
                TestImage.busybox()
                        .copy(probe.toString(), "bin/denied")
                        .permissions("bin/denied", "rwxr-xr-x")
                        .command("sleep", "100000"));
        java.nio.file.Files.delete(probe);
        containers.run("one", "box", "");
        containers.run("two", "box", "");
    }

    @AfterAll
    void close() {
        containers.close();
    }

    private String ask(String line) {
        return containers.sh("one", line).output();
    }

    private long status(String process, String field) {
        String value = ask("grep '^" + field + ":' /proc/" + process + "/status | cut -f2")
                .strip();
        return Long.parseLong(value, field.startsWith("Cap") ? 16 : 10);
    }

    @Test
    void rootInsideIsNobodyOutsideAndNoTwoContainersShareIds() {
        List<long[]> ranges = List.of(range("one"), range("two"));
        for (long[] range : ranges) {
            assertThat(range[0]).as("first id inside").isZero();
            assertThat(range[1]).as("first id outside").isGreaterThanOrEqualTo(65536);
            assertThat(range[2]).as("how many").isEqualTo(65536);
        }
        assertThat(Math.abs(ranges.get(0)[1] - ranges.get(1)[1])).isGreaterThanOrEqualTo(65536);
    }

    private long[] range(String name) {
        String[] fields =
                containers.sh(name, "cat /proc/self/uid_map").ok().strip().split("\\s+");
        return new long[] {Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])};
    }

    /** The container's own process and one that was executed in it later are locked in alike. */
    @Test
    void capabilitiesFilterAndPrivileges() {
        long kept = KEPT.stream().mapToLong(number -> 1L << number).sum();
        for (String process : List.of("1", "self")) {
            assertThat(Long.toHexString(status(process, "CapEff") & ~kept))
                    .as("CapEff of %s", process)
                    .isEqualTo("0");
            assertThat(Long.toHexString(status(process, "CapBnd") & ~kept))
                    .as("CapBnd of %s", process)
                    .isEqualTo("0");
            assertThat(status(process, "CapInh")).as("CapInh of %s", process).isZero();
            assertThat(status(process, "CapAmb")).as("CapAmb of %s", process).isZero();
            assertThat(status(process, "NoNewPrivs"))
                    .as("NoNewPrivs of %s", process)
                    .isEqualTo(1);
            assertThat(status(process, "Seccomp")).as("Seccomp of %s", process).isEqualTo(2);
        }
    }

    @Test
    void dangerousSystemCallsAreRefused() {
        Map<String, Integer> answers = containers
                .sh("one", "denied")
                .ok()
                .lines()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(words -> words[0], words -> Integer.parseInt(words[1])));
        Map<String, Integer> allowed = answers.entrySet().stream()
                .filter(answer -> !Set.of(EPERM, EACCES, ENOSYS, EAFNOSUPPORT).contains(answer.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(allowed)
                .as("calls that were not refused, with what they gave")
                .isEmpty();
        assertThat(answers.size()).isGreaterThanOrEqualTo(40);
    }

    @Test
    void masksWhatTellsOfTheHostAndProtectsWhatChangesIt() {
        for (String path : List.of("kcore", "keys", "latency_stats", "timer_list", "sched_debug", "interrupts")) {
            assertThat(ask("cat /proc/" + path + " 2>/dev/null | head -c 1"))
                    .as(path)
                    .isEmpty();
        }
        for (String path : List.of("/proc/acpi", "/proc/scsi", "/proc/asound", "/sys/firmware")) {
            assertThat(ask("ls -A " + path + " 2>/dev/null")).as(path).isEmpty();
        }
        for (String path : List.of(
                "/proc/sys/kernel/core_pattern",
                "/proc/sys/kernel/hostname",
                "/proc/sysrq-trigger",
                "/proc/irq/default_smp_affinity",
                "/sys/kernel/uevent_helper")) {
            assertThat(ask("test -e " + path + " && { echo x > " + path + "; } 2>/dev/null && echo written"))
                    .as(path)
                    .isEmpty();
        }
        assertThat(ask("grep -E ' /proc/(bus|fs|irq|sys|sysrq-trigger) ' /proc/self/mounts | grep -v ' ro[, ]'"))
                .isEmpty();
    }

    @Test
    void hasNoDevicesOfTheHost() {
        Set<String> usual = Set.of(
                "console", "full", "fd", "null", "ptmx", "pts", "random", "shm", "mqueue", "stderr", "stdin", "stdout",
                "tty", "urandom", "zero", "core");
        assertThat(Set.of(ask("ls /dev").strip().split("\\s+"))).isSubsetOf(usual);
        assertThat(containers.sh("one", "mknod /tmp/disk b 254 0").code()).isNotZero();
        assertThat(ask("find / -xdev -type b 2>/dev/null")).isEmpty();
    }

    @Test
    void spoofsNothing() {
        assertThat(containers
                        .sh("one", "ip link set eth0 address 02:00:00:00:00:01")
                        .code())
                .isNotZero();
        assertThat(containers.sh("one", "ip addr add 10.0.0.99/24 dev eth0").code())
                .isNotZero();
    }

    @Test
    void cannotRaiseItsLimits() {
        assertThat(ask("for f in $(find /sys/fs/cgroup -name '*.max' -o -name '*limit_in_bytes' -o -name cgroup.procs);"
                        + " do (echo 1 > $f) 2>/dev/null && echo $f; done"))
                .isEmpty();
        assertThat(
                        ask(
                                "for d in $(grep -E ' cgroup2? ' /proc/mounts | cut -d' ' -f2); do mkdir $d/own 2>/dev/null && echo $d; done"))
                .isEmpty();
        assertThat(ask("grep -E ' cgroup2? ' /proc/mounts"))
                .as("there are some to try")
                .isNotEmpty();
    }

    @Test
    void inheritsNothingButItsStreams() {
        assertThat(ask("ls /proc/$(pidof sleep)/fd").strip().split("\\s+"))
                .as("of the process")
                .containsOnly("0", "1", "2");
        assertThat(ask("for f in /proc/1/fd/*; do readlink $f; done"))
                .as("of process 1, which talks to its supervisor through a socket")
                .doesNotContain("/tmp", "/var", "/sys", "memfd");
        assertThat(ask("ls /proc/self/fd | wc -l").strip()).as("with ls's own").isIn("4", "3");
    }

    @Test
    void seesOnlyItself() {
        assertThat(ask("ls /proc | grep -c '^[0-9]'").strip()).isIn("2", "3", "4", "5", "6");
        assertThat(ask("hostname").strip()).isEqualTo("one");
    }
}
