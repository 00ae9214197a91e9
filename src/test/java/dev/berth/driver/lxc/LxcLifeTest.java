package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ContainerSpec.RestartPolicy;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.ObservedState;
import dev.berth.driver.Pausing;
import dev.berth.driver.RecordLogs;
import dev.berth.driver.RunState;
import dev.berth.driver.StopMode;
import dev.berth.driver.Subscription;
import dev.berth.ffi.Pidfd;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How containers end, and what follows. Needs root. */
@Tag("lxc")
@Timeout(60)
class LxcLifeTest {
    private static final String FOREVER = "while true; do sleep 0.2; done";

    private LxcHost host = LxcHost.open();

    @BeforeEach
    void open() {
        host.close();
        host = LxcHost.open();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private ObservedState seen(UUID id) {
        return host.driver().observe(id);
    }

    private static void eventually(Supplier<Boolean> condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.get()) {
            assertThat(System.nanoTime()).as("patience is over").isLessThan(end);
            Threads.sleep(10);
        }
    }

    private List<String> log(UUID id) {
        return host.driver().require(RecordLogs.class).readLog(id, new LogQuery(null, 0, null)).stream()
                .map(LogRecord::text)
                .toList();
    }

    private static ContainerSpec restarting(String script, RestartPolicy policy) {
        ContainerSpec spec = LxcHost.script(script);
        return new ContainerSpec(
                spec.mode(),
                spec.process(),
                spec.network(),
                policy,
                null,
                spec.limits(),
                spec.security(),
                List.of(),
                List.of(),
                Map.of(),
                false,
                null);
    }

    @Test
    void tellsAnEndWithinAFifthOfASecond() {
        List<Instant> heard = new CopyOnWriteArrayList<>();
        UUID id = host.defined(LxcHost.script("sleep 0.3; exit 0"));
        try (Subscription ignored = host.driver().events(event -> {
            if (event instanceof DriverEvent.Changed changed && changed.state().state() == RunState.STOPPED) {
                heard.add(Instant.now());
            }
        })) {
            host.driver().start(id);
            eventually(() -> !heard.isEmpty());
        }
        Instant ended = Optional.ofNullable(seen(id).exit()).orElseThrow().at();
        assertThat(Duration.between(ended, heard.getFirst())).isLessThan(Duration.ofMillis(200));
        assertThat(seen(id).state()).isEqualTo(RunState.STOPPED);
    }

    @Test
    void saysHowItEnded() {
        UUID id = host.running(LxcHost.script("exit 3"));
        eventually(() -> seen(id).state() == RunState.CRASHED);
        ObservedState.Exit exit = Optional.ofNullable(seen(id).exit()).orElseThrow();
        assertThat(exit.code()).isEqualTo(3);
        assertThat(exit.reason()).isEqualTo("exited with code 3");
        assertThat(exit.outOfMemory()).isFalse();
    }

    @Test
    void saysThatMemoryRanOut() {
        UUID id = host.running(LxcHost.script("x=aaaaaaaaaaaaaaaa; while true; do x=$x$x; done"));
        eventually(() -> seen(id).state() == RunState.CRASHED);
        ObservedState.Exit exit = Optional.ofNullable(seen(id).exit()).orElseThrow();
        assertThat(exit.outOfMemory()).isTrue();
        assertThat(exit.reason()).contains("memory");
    }

    @Test
    void saysThatProcessesRanOut() {
        ContainerSpec spec = LxcHost.script("for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done; exit 4");
        ContainerSpec.Limits usual = spec.limits();
        UUID id = host.running(new ContainerSpec(
                spec.mode(),
                spec.process(),
                spec.network(),
                spec.restart(),
                spec.health(),
                new ContainerSpec.Limits(
                        usual.cpuWeight(), usual.cpuMillis(), usual.swap(), 6, usual.ioWeight(), usual.ulimits()),
                spec.security(),
                spec.mounts(),
                spec.tmpfs(),
                spec.extraHosts(),
                false,
                "elsewhere"));
        eventually(() -> seen(id).state() == RunState.CRASHED);
        ObservedState.Exit exit = Optional.ofNullable(seen(id).exit()).orElseThrow();
        assertThat(exit.outOfProcesses()).isTrue();
        assertThat(exit.outOfMemory()).isFalse();
        assertThat(seen(id).reason()).contains("its limit of processes");
    }

    @Test
    void asksBeforeItKills() {
        UUID id = host.running(LxcHost.script("trap 'echo bye; exit 0' TERM; echo ready; " + FOREVER));
        eventually(() -> log(id).contains("ready"));
        host.driver().stop(id, StopMode.GRACEFUL, Duration.ofSeconds(10));
        assertThat(seen(id).state()).isEqualTo(RunState.STOPPED);
        assertThat(log(id)).containsExactly("ready", "bye");
    }

    @Test
    void asksAPausedOneToo() {
        UUID id = host.running(LxcHost.script("trap 'exit 0' TERM; echo ready; " + FOREVER));
        eventually(() -> log(id).contains("ready"));
        host.driver().require(Pausing.class).pause(id);
        host.driver().stop(id, StopMode.GRACEFUL, Duration.ofSeconds(10));
        assertThat(seen(id).state()).isEqualTo(RunState.STOPPED);
    }

    @Test
    void givesUpOnWhoDoesNotListen() {
        UUID id = host.running(LxcHost.script("trap '' TERM; echo ready; " + FOREVER));
        eventually(() -> log(id).contains("ready"));
        assertThatThrownBy(() -> host.driver().stop(id, StopMode.GRACEFUL, Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        assertThat(seen(id).state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void restartsAfterFailuresUntilItIsGivenUp() {
        UUID id = host.running(restarting("echo again; exit 1", new RestartPolicy(RestartPolicy.Kind.ON_FAILURE, 2)));
        eventually(() -> log(id).size() == 3 && seen(id).state() == RunState.CRASHED);
        assertThat(Optional.ofNullable(seen(id).exit()).orElseThrow().restarts())
                .isEqualTo(2);
        Threads.sleep(900);
        assertThat(log(id)).hasSize(3);
    }

    @Test
    void restartsUntilItIsStopped() {
        UUID id = host.running(restarting("echo again", new RestartPolicy(RestartPolicy.Kind.UNLESS_STOPPED, 0)));
        eventually(() -> log(id).size() >= 3);
        host.driver().stop(id, StopMode.FORCE, Duration.ZERO);
        int before = log(id).size();
        Threads.sleep(1500);
        assertThat(log(id)).hasSize(before);
        assertThat(seen(id).state()).isEqualTo(RunState.STOPPED);
    }

    @Test
    void removesItselfWhenAskedTo() {
        ContainerSpec spec = LxcHost.script("sleep 0.2");
        UUID id = host.running(new ContainerSpec(
                spec.mode(),
                spec.process(),
                spec.network(),
                spec.restart(),
                null,
                spec.limits(),
                spec.security(),
                List.of(),
                List.of(),
                Map.of(),
                true,
                null));
        eventually(() -> host.driver().observeAll().isEmpty());
        eventually(() -> host.leftovers().stream().noneMatch(path -> path.contains(id.toString())));
    }

    @Test
    void checksHealth() {
        ContainerSpec spec = LxcHost.script("touch /ok; sleep 1; rm /ok; " + FOREVER);
        ContainerSpec.HealthCheck check = new ContainerSpec.HealthCheck(
                List.of("test", "-e", "/ok"), Duration.ofMillis(200), Duration.ofSeconds(2), 2, Duration.ZERO);
        UUID id = host.running(new ContainerSpec(
                spec.mode(),
                spec.process(),
                spec.network(),
                spec.restart(),
                check,
                spec.limits(),
                spec.security(),
                List.of(),
                List.of(),
                Map.of(),
                false,
                null));
        assertThat(seen(id).health()).isEqualTo(ObservedState.Health.STARTING);
        eventually(() -> seen(id).health() == ObservedState.Health.HEALTHY);
        eventually(() -> seen(id).health() == ObservedState.Health.UNHEALTHY);
    }

    @Test
    void goesOnWithoutTheAgent() {
        UUID id = host.running(LxcHost.script("i=0; while true; do echo $i; i=$((i+1)); sleep 0.05; done"));
        RunStatus before = RunStatus.alive(host.files(id)).orElseThrow();
        host.restarted();
        Threads.sleep(500);
        assertThat(RunStatus.alive(host.files(id))).contains(before);
        List<String> lines = log(id);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).isEqualTo(Integer.toString(i));
        }
        host.driver().stop(id, StopMode.FORCE, Duration.ZERO);
        assertThat(seen(id).state()).isEqualTo(RunState.STOPPED);
    }

    @Test
    void startsWhatShouldRunAfterTheAgentWasAway() {
        UUID id = host.running(restarting(FOREVER, new RestartPolicy(RestartPolicy.Kind.ALWAYS, 0)));
        RunStatus before = RunStatus.alive(host.files(id)).orElseThrow();
        host.driver().close();
        kill(before.supervisor());
        eventually(() -> RunStatus.alive(host.files(id)).isEmpty());
        host.restarted();
        eventually(() -> seen(id).state() == RunState.RUNNING);
        assertThat(RunStatus.alive(host.files(id)).orElseThrow().init()).isNotEqualTo(before.init());
    }

    /** As Docker's policies say it of a start of its daemon. */
    @Test
    void startsWhatWasStoppedWhenTheNodeBootsIfItIsAlwaysToRun() {
        UUID always = host.running(restarting(FOREVER, new RestartPolicy(RestartPolicy.Kind.ALWAYS, 0)));
        UUID unless = host.running(restarting(FOREVER, new RestartPolicy(RestartPolicy.Kind.UNLESS_STOPPED, 0)));
        host.driver().stop(always, StopMode.FORCE, Duration.ZERO);
        host.driver().stop(unless, StopMode.FORCE, Duration.ZERO);
        host.restarted();
        Threads.sleep(500);
        assertThat(seen(always).state()).as("the node goes on").isEqualTo(RunState.STOPPED);

        host.restarted(Instant.now());
        eventually(() -> seen(always).state() == RunState.RUNNING);
        assertThat(seen(unless).state()).isEqualTo(RunState.STOPPED);
        host.driver().stop(always, StopMode.FORCE, Duration.ZERO);
    }

    @Test
    void saysThatASupervisorWasKilled() {
        UUID id = host.running(LxcHost.script(FOREVER));
        kill(RunStatus.alive(host.files(id)).orElseThrow().supervisor());
        eventually(() -> seen(id).state() == RunState.CRASHED);
        assertThat(seen(id).reason()).contains("supervisor");
        host.driver().start(id);
        assertThat(seen(id).state()).isEqualTo(RunState.RUNNING);
    }

    private static void kill(long pid) {
        try (Pidfd process = Pidfd.open(pid)) {
            process.send(Signals.KILL);
        }
    }
}
