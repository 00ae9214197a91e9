package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ContainerSpec.RestartPolicy;
import dev.berth.driver.LogRecord;
import dev.berth.driver.ProcessStat;
import dev.berth.kernel.BerthException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the driver reads and decides, without a container. */
class LxcTextTest {
    private static final UUID ID = new UUID(1, 2);

    @Test
    void readsLogLines() {
        assertThat(LogLine.parse("2026-01-02T03:04:05.000006Z stderr P a b ".getBytes(StandardCharsets.UTF_8)))
                .contains(new LogRecord(
                        Instant.parse("2026-01-02T03:04:05.000006Z"), LogRecord.Stream.STDERR, "a b ", true));
        assertThat(LogLine.parse("2026-01-02T03:04:05Z stdout F ".getBytes(StandardCharsets.UTF_8)))
                .hasValueSatisfying(record -> assertThat(record.text()).isEmpty());
        assertThat(LogLine.parse("half a li".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(LogLine.parse(new byte[] {0, 0, 0})).isEmpty();
    }

    @Test
    void readsProcessesWhoseNamesHoldAnything() {
        String line =
                "7 (a ) b (c) S 3 7 7 0 -1 4194560 1 2 3 4 50 60 0 0 20 0 1 0 12345 1000 25 18446744073709551615 1";
        assertThat(ProcessStat.parse(line)).contains(new ProcessStat("a ) b (c", "S", 3, 110, 12345, 25));
        assertThat(ProcessStat.parse("")).isEmpty();
    }

    @Test
    void findsControlGroupsOfBothVersions() {
        Path root = Path.of("/nowhere");
        String group = "/berth/" + ID;
        assertThat(Cgroup.parse(ID, "0::" + group + "/init.scope\n", root))
                .isEqualTo(Map.of("", root.resolve("berth/" + ID)));
        assertThat(Cgroup.parse(ID, "4:cpu,cpuacct:" + group + "\n1:name=systemd:" + group + "\n0::/\n", root))
                .isEqualTo(Map.of(
                        "cpu",
                        root.resolve("cpu,cpuacct/berth/" + ID),
                        "cpuacct",
                        root.resolve("cpu,cpuacct/berth/" + ID),
                        "name=systemd",
                        root.resolve("systemd/berth/" + ID)));
        assertThat(Cgroup.parse(ID, "0::/user.slice\n", root)).isEmpty();
    }

    @Test
    void findsTheCgroupMountThatLacksAnOption() {
        String usual = "31 1 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
                + "41 31 0:38 / /sys/fs/cgroup/unified rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
        assertThat(DynamicGroups.unfavoured(usual)).contains("/sys/fs/cgroup/unified");
        assertThat(DynamicGroups.unfavoured(usual.replace("nsdelegate", "nsdelegate,favordynmods")))
                .isEmpty();
        assertThat(DynamicGroups.unfavoured(usual.lines().findFirst().orElseThrow()))
                .isEmpty();
    }

    @Test
    void looksUpUsersInsideOnly() {
        Accounts accounts = Accounts.of(
                "root:x:0:0::/root:/bin/sh\nweb:x:33:34::/var/www:/bin/sh\nbroken\nhuge:x:99999:1::/:/bin/sh\n",
                "web:x:34:\nmail:x:8:root,web\nadm:x:4:web\n");
        assertThat(accounts.find(null)).isEqualTo(new Accounts.Account(0, 0, List.of(8), "/root"));
        assertThat(accounts.find("web")).isEqualTo(new Accounts.Account(33, 34, List.of(8, 4), "/var/www"));
        assertThat(accounts.find("33")).isEqualTo(accounts.find("web"));
        assertThat(accounts.find("web:mail")).isEqualTo(new Accounts.Account(33, 8, List.of(), "/var/www"));
        assertThat(accounts.find("1234:5")).isEqualTo(new Accounts.Account(1234, 5, List.of(), "/"));
        for (String unknown : List.of("nobody", "huge", "99999", "web:none", "-1")) {
            assertThatThrownBy(() -> accounts.find(unknown)).isInstanceOf(BerthException.class);
        }
    }

    @Test
    void backsOff() {
        assertThat(Restarts.delay(0)).isEqualTo(Duration.ofMillis(100));
        assertThat(Restarts.delay(3)).isEqualTo(Duration.ofMillis(800));
        assertThat(Restarts.delay(40)).isEqualTo(Duration.ofMinutes(1));
        Instant start = Instant.EPOCH;
        assertThat(Restarts.counted(5, start, start.plusSeconds(9))).isEqualTo(5);
        assertThat(Restarts.counted(5, start, start.plusSeconds(10))).isZero();
    }

    @Test
    void restartsByPolicy() {
        RunExit good = new RunExit(0, 0, false, false, null, Instant.EPOCH);
        RunExit bad = new RunExit(1, 0, false, false, null, Instant.EPOCH);
        RestartPolicy twice = new RestartPolicy(RestartPolicy.Kind.ON_FAILURE, 2);
        assertThat(Restarts.again(RestartPolicy.NO, bad, 0)).isFalse();
        assertThat(Restarts.again(twice, good, 0)).isFalse();
        assertThat(Restarts.again(twice, bad, 1)).isTrue();
        assertThat(Restarts.again(twice, bad, 2)).isFalse();
        assertThat(Restarts.again(new RestartPolicy(RestartPolicy.Kind.ALWAYS, 0), good, 100))
                .isTrue();
    }

    @Test
    void knowsSignals() {
        assertThat(Signals.number("SIGTERM")).isEqualTo(15);
        assertThat(Signals.number("quit")).isEqualTo(3);
        assertThat(Signals.number("SIGRTMIN+3")).isEqualTo(37);
        assertThat(Signals.number("SIGRTMAX-14")).isEqualTo(50);
        assertThat(Signals.number("9")).isEqualTo(9);
        for (String unknown : List.of("", "SIG", "0", "65", "SIGRTMIN+40")) {
            assertThatThrownBy(() -> Signals.number(unknown)).isInstanceOf(BerthException.class);
        }
        assertThat(PowerButton.listens("SigBlk:\t0000000000000000\nSigCgt:\t0000001000000000\n", 37))
                .isTrue();
        assertThat(PowerButton.listens("SigIgn:\t0000001000000000\n", 37)).isFalse();
    }

    @Test
    void speaksTheWordsOfBothVersions() {
        Cgroup old = new Cgroup(Map.of("cpu", Path.of("/c"), "memory", Path.of("/m"), "blkio", Path.of("/b")));
        Cgroup unified = new Cgroup(Map.of("", Path.of("/u")));
        assertThat(LiveWords.of(LimitWords.CPU_WEIGHT, 100, old))
                .containsExactly(new LiveWords("cpu", "cpu.shares", "1024", true));
        assertThat(LiveWords.of(LimitWords.CPU_QUOTA, 50_000, unified))
                .containsExactly(new LiveWords("cpu", "cpu.max", "50000 100000", false));
        assertThat(LiveWords.memory(1 << 20, 4096, unified))
                .extracting(LiveWords::name)
                .containsExactly("memory.max", "memory.swap.max");
        assertThat(LiveWords.memory(1 << 20, 4096, old))
                .as("the sum goes first when it grows")
                .extracting(LiveWords::value)
                .containsExactly("1052672", "1048576");
    }

    @Test
    void readsDiskCounters() {
        assertThat(ContainerStatistics.oldDisk("7:0 Read 10\n7:0 Write 20\n254:0 Read 1\nTotal 31\n"))
                .containsExactly(11, 20);
        assertThat(ContainerStatistics.newDisk("254:0 rbytes=5 wbytes=6 rios=1\n7:0 rbytes=1 wbytes=0\n"))
                .containsExactly(6, 6);
    }

    @Test
    void keepsKernelTreesFree() {
        assertThat(Paths.target("mounts", "//data/./x/")).isEqualTo("/data/x");
        assertThat(Paths.target("tmpfs", "/dev/shm")).isEqualTo("/dev/shm");
        for (String bad : List.of("/", "/.", "/proc", "/sys/fs", "/dev/", "/a/../b", "relative")) {
            assertThatThrownBy(() -> Paths.target("mounts", bad)).isInstanceOf(BerthException.class);
        }
    }
}
