package dev.berth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.driver.StopMode;
import dev.berth.driver.Subscription;
import dev.berth.driver.VmSpec;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** An agent that ends and comes back: calls say so at once, and everything goes on by itself. */
@ParameterizedClass
@EnumSource
class ReconnectTest {
    private final Wire wire;
    private final FakeBehaviour behaviour = FakeBehaviour.instant();
    private final FakeNode fake = new FakeNode(behaviour, Clock.systemUTC());

    @TempDir
    private Path directory;

    private Wire.@Nullable Link opened;
    private @Nullable RemoteNode remote;

    ReconnectTest(Wire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void connect() {
        opened = wire.link(directory);
        remote = new RemoteNode(opened.address().connect());
    }

    @AfterEach
    void disconnect() {
        node().close();
        link().close();
    }

    private Wire.Link link() {
        return Objects.requireNonNull(opened);
    }

    private RemoteNode node() {
        return Objects.requireNonNull(remote);
    }

    private InstanceDriver driver() {
        return node().instances(InstanceKind.VM);
    }

    private UUID define() {
        UUID id = Uuids.next();
        driver().define(
                        new InstanceDefinition(
                                id,
                                "web",
                                "default",
                                new CpuCount(1),
                                new CpuCount(2),
                                DataSize.ofMebibytes(256),
                                DataSize.ofMebibytes(256),
                                List.of(),
                                List.of(),
                                List.of(),
                                VmSpec.defaults()),
                        ProgressSink.NONE);
        return id;
    }

    private boolean answers() {
        try {
            node().probe().usage();
            return true;
        } catch (BerthException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
            return false;
        }
    }

    @Test
    void anAgentMayComeLaterAndComeAgain() throws InterruptedException {
        assertThat(answers()).isFalse();
        link().serve(fake);
        Patience.until("the agent is found", this::answers);
        UUID id = define();
        for (int i = 0; i < 3; i++) {
            link().close();
            assertThat(answers()).isFalse();
            link().serve(fake);
            Patience.until("the agent is found again", this::answers);
        }
        driver().start(id);
        assertThat(driver().observe(id).state()).isEqualTo(RunState.RUNNING);
    }

    /** By itself gRPC would wait the longer, the longer the agent was away; after this absence some 16 s. */
    @Test
    void anAgentThatWasAwayForLongIsFoundSoon() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(17).toNanos();
        while (System.nanoTime() < end) {
            assertThat(answers()).isFalse();
            Thread.sleep(500);
        }
        link().serve(fake);
        long began = System.nanoTime();
        Patience.until("the agent is found", this::answers);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aCallUnderWayFailsAsUnavailableWhenTheAgentEnds() throws Exception {
        link().serve(fake);
        UUID id = define();
        behaviour.hang("InstanceDriver.start");
        behaviour.hang("InstanceDriver.define");
        CompletableFuture<Void> start =
                CompletableFuture.runAsync(() -> driver().start(id), Thread::startVirtualThread);
        CompletableFuture<UUID> define = CompletableFuture.supplyAsync(this::define, Thread::startVirtualThread);
        Patience.until(
                "both are under way",
                () -> behaviour.calls("InstanceDriver.start") == 1 && behaviour.calls("InstanceDriver.define") == 2);
        link().close();
        assertThat(failure(start)).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
        assertThat(failure(define)).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
        behaviour.release("InstanceDriver.start");
        behaviour.release("InstanceDriver.define");
    }

    private static ErrorCode failure(CompletableFuture<?> call) throws InterruptedException, TimeoutException {
        try {
            call.get(20, TimeUnit.SECONDS);
            throw new AssertionError("the call succeeded");
        } catch (ExecutionException e) {
            return ((BerthException) Objects.requireNonNull(e.getCause())).code();
        }
    }

    @Test
    void aCallerWhoIsInterruptedIsToldThatHeCancelled() throws Exception {
        link().serve(fake);
        UUID id = define();
        behaviour.hang("InstanceDriver.start");
        CompletableFuture<ErrorCode> said = new CompletableFuture<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                driver().start(id);
            } catch (BerthException e) {
                said.complete(e.code());
            }
        });
        Patience.until("it is under way", () -> behaviour.calls("InstanceDriver.start") == 1);
        caller.interrupt();
        assertThat(said.get(20, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CANCELLED);
        behaviour.release("InstanceDriver.start");
    }

    @Test
    void eventsComeInOrderAndGoOnAfterTheAgentCameBack() throws Exception {
        link().serve(fake);
        List<DriverEvent> events = new CopyOnWriteArrayList<>();
        UUID id = define();
        try (Subscription subscription = driver().events(events::add)) {
            Patience.until("events are followed", () -> {
                driver().start(id);
                driver().stop(id, StopMode.FORCE, Duration.ofSeconds(1));
                return !events.isEmpty();
            });
            events.clear();
            driver().start(id);
            driver().stop(id, StopMode.FORCE, Duration.ofSeconds(1));
            Patience.until("both were told, in this order", () -> {
                List<RunState> states = states(events);
                return states.size() >= 2
                        && states.subList(states.size() - 2, states.size())
                                .equals(List.of(RunState.RUNNING, RunState.STOPPED));
            });
            link().close();
            assertThatThrownBy(() -> driver().observe(id)).isInstanceOf(BerthException.class);
            link().serve(fake);
            Patience.until("the gap was told", () -> events.stream().anyMatch(DriverEvent.Resync.class::isInstance));
            driver().destroy(id);
            Patience.until("news come again", () -> events.contains(new DriverEvent.Gone(id)));
            assertThat(subscription).isNotNull();
        }
        int told = events.size();
        define();
        Thread.sleep(300);
        assertThat(events).as("nothing is told after the end").hasSize(told);
    }

    private static List<RunState> states(List<DriverEvent> events) {
        return events.stream()
                .filter(DriverEvent.Changed.class::isInstance)
                .map(event -> ((DriverEvent.Changed) event).state().state())
                .toList();
    }
}
