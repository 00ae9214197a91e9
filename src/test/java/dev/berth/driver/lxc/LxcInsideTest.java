package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.CollectedOutput;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.Consoles;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ContainerSpec.NetworkMode;
import dev.berth.driver.ExecResult;
import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.ProcessSpec;
import dev.berth.driver.RunState;
import dev.berth.driver.Sample;
import dev.berth.driver.Statistics;
import dev.berth.driver.StopMode;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import dev.berth.kernel.Threads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a container finds inside: its user, its limits, its network. Needs root. */
@Tag("lxc")
@Timeout(90)
class LxcInsideTest {
    private static final String BRIDGE = "blxctest0";
    private static final NetworkSpec NETWORK = new NetworkSpec(
            new UUID(7, 7), BRIDGE, Cidr.parse("10.213.7.0/24"), new Ipv4("10.213.7.1"), "lxc.internal");
    private static final ContainerSpec SLEEPER = LxcHost.script("exec sleep 1000");

    private LxcHost host = LxcHost.open();

    @BeforeAll
    static void makeBridge() {
        removeBridge();
        Program.run(Duration.ofSeconds(10), List.of("ip", "link", "add", BRIDGE, "type", "bridge"));
        Program.run(Duration.ofSeconds(10), List.of("ip", "addr", "add", "10.213.7.1/24", "dev", BRIDGE));
        Program.run(Duration.ofSeconds(10), List.of("ip", "link", "set", BRIDGE, "up"));
    }

    @AfterAll
    static void removeBridge() {
        Program.result(Duration.ofSeconds(10), List.of("ip", "link", "del", BRIDGE));
    }

    @BeforeEach
    void open() {
        host.close();
        host = LxcHost.open(DriverPolicy.NONE, List.of(NETWORK));
    }

    @AfterEach
    void close() {
        host.close();
    }

    private String inside(UUID id, String script) {
        ExecResult result = host.driver()
                .require(Executing.class)
                .exec(
                        id,
                        new ExecSpec(List.of("/bin/sh", "-c", script), List.of(), null, null, false),
                        "",
                        Duration.ofSeconds(20));
        return result.stdout() + result.stderr();
    }

    private static NicSpec nic(String address) {
        return new NicSpec(
                UUID.randomUUID(),
                BRIDGE,
                new MacAddress("52:54:00:12:34:56"),
                new Ipv4(address),
                NicSpec.Model.VIRTIO);
    }

    private static ContainerSpec with(
            ContainerSpec.Limits limits, ContainerSpec.Security security, List<ContainerSpec.Tmpfs> tmpfs) {
        return new ContainerSpec(
                SLEEPER.mode(),
                SLEEPER.process(),
                NetworkMode.BRIDGE,
                SLEEPER.restart(),
                null,
                limits,
                security,
                List.of(),
                tmpfs,
                Map.of("db", "10.213.7.99"),
                false,
                null);
    }

    @Test
    void isLockedIn() {
        UUID id = host.running(SLEEPER);
        long base = IdRanges.of(host.files(id));
        assertThat(base).isGreaterThanOrEqualTo(1_000_065_536L);
        assertThat(inside(id, "cat /proc/self/uid_map").strip().split("\\s+"))
                .containsExactly("0", Long.toString(base), "65536");
        String status = inside(id, "cat /proc/1/status /proc/self/status");
        assertThat(status).contains("NoNewPrivs:\t1", "Seccomp:\t2").doesNotContain("NoNewPrivs:\t0");
        // CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE SYS_CHROOT SETFCAP
        assertThat(status).contains("CapBnd:\t00000000800405fb");
        assertThat(inside(id, "head -c1 /proc/kcore | wc -c; echo 1 > /proc/sys/kernel/hostname"))
                .contains("0\n");
        assertThat(inside(id, "echo x > /proc/sys/kernel/domainname")).contains("Read-only file system");
        assertThat(inside(id, "mount -t tmpfs none /tmp; unshare -U true")).contains("Operation not permitted");
        assertThat(inside(id, "ls -l /dev | grep -c '^b'; mknod /tmp/disk b 8 0"))
                .startsWith("0\n")
                .contains("mknod: /tmp/disk: Operation not permitted");
    }

    @Test
    void hasItsOwnRangeOfIds() {
        UUID one = host.running(SLEEPER);
        UUID other = host.running(SLEEPER);
        assertThat(Math.abs(IdRanges.of(host.files(one)) - IdRanges.of(host.files(other))))
                .isGreaterThanOrEqualTo(65_536);
    }

    @Test
    void runsAsTheUserOfTheImage() {
        UUID id = host.running(ContainerSpec.app(new ProcessSpec(
                List.of("/bin/sleep", "1000"), List.of("MODE=test"), "web", "/var/web", "SIGINT", false, false)));
        assertThat(inside(id, "id; pwd; echo $HOME $MODE"))
                .isEqualTo("uid=33(web) gid=33(web) groups=8(mail)\n/var/web\n/var/web test\n");
    }

    @Test
    void hasLimits() {
        UUID id = host.running(with(
                new ContainerSpec.Limits(50, 500, 0, 20, 100, List.of(new ContainerSpec.Ulimit("nofile", 333, 444))),
                ContainerSpec.Security.APP,
                List.of(new ContainerSpec.Tmpfs("/scratch", 1 << 20, 01777))));
        assertThat(inside(id, "ulimit -n")).isEqualTo("333\n");
        assertThat(inside(id, "dd if=/dev/zero of=/scratch/big bs=64k count=100"))
                .contains("No space left");
        assertThat(inside(id, "dd if=/dev/zero of=/big bs=1M count=100")).contains("No space left");
        assertThat(inside(id, "rm /big; for i in $(seq 40); do sleep 5 & done; wait"))
                .contains("can't fork");
        Cgroup cgroup = Cgroup.of(
                        id, RunStatus.alive(host.files(id)).orElseThrow().init())
                .orElseThrow();
        assertThat(cgroup.read("pids", "pids.max").strip()).isEqualTo("20");
    }

    @Test
    void takesEveryLimitOfProcessesThatTheApiKnows() {
        List<ContainerSpec.Ulimit> all = ContainerSpec.Ulimit.NAMES.stream()
                .map(name -> new ContainerSpec.Ulimit(name, 1000, name.equals("nofile") ? 2000 : 1L << 30))
                .map(limit -> Set.of("as", "data", "fsize", "stack").contains(limit.name())
                        ? new ContainerSpec.Ulimit(limit.name(), limit.hard(), limit.hard())
                        : limit)
                .toList();
        UUID id = host.running(
                with(new ContainerSpec.Limits(50, 500, 0, 20, 100, all), ContainerSpec.Security.APP, List.of()));
        assertThat(inside(id, "cat /proc/self/limits"))
                .containsPattern("Max file locks +1000 +1073741824 ")
                .containsPattern("Max open files +1000 +2000 ");
    }

    @Test
    void cannotWriteAReadOnlyRoot() {
        UUID id = host.running(with(
                ContainerSpec.Limits.USUAL,
                new ContainerSpec.Security(true, true, List.of(), List.of("ALL"), false),
                List.of()));
        assertThat(inside(id, "touch /file")).contains("Read-only file system");
        assertThat(inside(id, "grep CapEff /proc/self/status")).contains("0000000000000000");
    }

    @Test
    void cutsLongOutputOff() {
        UUID id = host.running(SLEEPER);
        ExecSpec spec = new ExecSpec(
                List.of("/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"), List.of(), null, null, false);
        ExecResult result = host.driver().require(Executing.class).exec(id, spec, "", Duration.ofSeconds(20));
        assertThat(result.truncated()).isTrue();
        assertThat(result.stdout()).hasSize(1 << 20);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void opensAShellOnATerminal() {
        UUID id = host.running(SLEEPER);
        CollectedOutput output = new CollectedOutput();
        try (ConsoleStream stream = host.driver().require(Consoles.class).openConsole(id, ConsoleKind.SHELL, output)) {
            stream.resize(91, 17);
            stream.write("stty size; echo sum $((40+2))\n".getBytes(StandardCharsets.US_ASCII));
            eventually(() -> output.text().contains("sum 42"));
            assertThat(output.text()).contains("17 91");
        }
        eventually(output::isClosed);
    }

    @Test
    void shutsASystemDownInOrder() {
        UUID id = host.running(ContainerSpec.system());
        eventually(() -> inside(id, "cat /proc/1/comm").contains("init"));
        host.driver().stop(id, StopMode.GRACEFUL, Duration.ofSeconds(20));
        assertThat(host.driver().observe(id).state()).isEqualTo(RunState.STOPPED);
    }

    private static void eventually(Supplier<Boolean> condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.get()) {
            assertThat(System.nanoTime()).as("patience is over").isLessThan(end);
            Threads.sleep(20);
        }
    }

    @Test
    void itsLayerIsMeasured() {
        UUID id = host.running(SLEEPER);
        Statistics statistics = host.driver().require(Statistics.class);
        Sample.Space before =
                Objects.requireNonNull(statistics.sampleAll().getFirst().layer());
        assertThat(before.capacity()).isBetween(16L << 20, 32L << 20);
        assertThat(before.used()).isLessThan(1 << 20);
        inside(id, "dd if=/dev/zero of=/fill bs=1M count=9");
        Sample.Space after =
                Objects.requireNonNull(statistics.sampleAll().getFirst().layer());
        assertThat(after.used() - before.used()).isBetween(9L << 20, 10L << 20);
        assertThat(after.capacity()).isEqualTo(before.capacity());
    }

    @Test
    void isOnItsNetwork() {
        NicSpec nic = nic("10.213.7.10");
        UUID id = host.running(with(ContainerSpec.Limits.USUAL, ContainerSpec.Security.APP, List.of()), nic);
        assertThat(inside(id, "ip -o addr; ip route")).contains("10.213.7.10/24", "default via 10.213.7.1");
        assertThat(inside(id, "cat /sys/class/net/eth0/address")).isEqualTo("52:54:00:12:34:56\n");
        assertThat(inside(id, "cat /proc/sys/net/ipv4/ping_group_range")).isEqualTo("0\t65535\n");
        assertThat(inside(id, "nc -w 3 10.213.7.1 9 < /dev/null")).contains("Connection refused");
        assertThat(inside(id, "cat /etc/resolv.conf"))
                .isEqualTo("search contract.lxc.internal lxc.internal\nnameserver 10.213.7.1\n");
        assertThat(inside(id, "cat /etc/hosts")).contains("10.213.7.10\ttest.lxc.internal test", "10.213.7.99\tdb");
        assertThat(inside(id, "hostname")).isEqualTo("test\n");
        assertThat(host.driver().observe(id).addresses()).containsExactly(new Ipv4("10.213.7.10"));
        Sample sample = host.driver().require(Statistics.class).sampleAll().getFirst();
        assertThat(sample.networkTransmitBytes()).isPositive();
        assertThat(sample.memoryBytes()).isPositive();
        assertThat(sample.cpuNanos()).isPositive();
    }

    @Test
    void seesNothingWithoutNetwork() {
        UUID id = host.running(new ContainerSpec(
                SLEEPER.mode(),
                SLEEPER.process(),
                NetworkMode.NONE,
                SLEEPER.restart(),
                null,
                SLEEPER.limits(),
                SLEEPER.security(),
                List.of(),
                List.of(),
                Map.of(),
                false,
                null));
        assertThat(inside(id, "ls /sys/class/net")).isEqualTo("lo\n");
    }
}
