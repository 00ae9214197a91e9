package dev.berth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ConsoleKind;
import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.Consoles;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.driver.Subscription;
import dev.berth.driver.VmSpec;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node behind a unix socket behaves like the node itself. */
class RemoteNodeTest {
    @TempDir
    Path directory;

    private final FakeBehaviour behaviour = FakeBehaviour.instant();
    private FakeNode fake = new FakeNode(behaviour, Clock.systemUTC());
    private @Nullable WireServer server;
    private @Nullable RemoteNode remote;

    @BeforeEach
    void connect() throws IOException {
        serve();
        remote = new RemoteNode(transport().connect());
    }

    private Transport transport() {
        return new Transport.Unix(directory.resolve("agent.sock"));
    }

    private void serve() throws IOException {
        server = WireServer.start(transport(), fake, CallHook.NONE, null);
    }

    @AfterEach
    void disconnect() {
        node().close();
        java.util.Objects.requireNonNull(server).close();
    }

    private RemoteNode node() {
        return java.util.Objects.requireNonNull(remote);
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
                                VmSpec.defaults()),
                        ProgressSink.NONE);
        return id;
    }

    @Test
    void callsAndResultsPass() {
        UUID id = define();
        driver().start(id);
        assertThat(driver().observe(id).state()).isEqualTo(RunState.RUNNING);
        assertThat(driver().observeAll()).hasSize(1);
        assertThat(driver().capabilities())
                .isEqualTo(fake.instances(InstanceKind.VM).capabilities());
    }

    @Test
    void failuresKeepCodeSentenceAndDetails() {
        UUID unknown = Uuids.next();
        assertThatThrownBy(() -> driver().observe(unknown)).isInstanceOfSatisfying(BerthException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(e.message()).contains(unknown.toString());
        });
        UUID upload = Uuids.next();
        assertThatThrownBy(() -> node().images().appendUpload(upload, 5, new byte[] {1}))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.details()).containsEntry("offset", 0));
    }

    @Test
    void largeByteArraysArriveUnchanged() {
        byte[] data = new byte[4 << 20];
        new Random(1).nextBytes(data);
        UUID upload = Uuids.next();
        assertThat(node().images().appendUpload(upload, 0, data)).isEqualTo(data.length);
        assertThat(node().images().uploadSize(upload)).isEqualTo(data.length);
    }

    @Test
    void progressIsReportedAndARefusingSinkEndsTheCall() {
        List<Progress> reports = new CopyOnWriteArrayList<>();
        UUID id = define();
        driver().define(fakeDefinition(id), reports::add);
        assertThat(reports).extracting(Progress::stage).contains("creating disks");
        assertThatThrownBy(() -> driver().define(fakeDefinition(id), progress -> {
                    throw BerthException.of(ErrorCode.CANCELLED, "enough");
                }))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }

    private InstanceDefinition fakeDefinition(UUID id) {
        return new InstanceDefinition(
                id,
                "web",
                "default",
                new CpuCount(1),
                new CpuCount(2),
                DataSize.ofMebibytes(256),
                DataSize.ofMebibytes(256),
                List.of(),
                List.of(),
                VmSpec.defaults());
    }

    @Test
    void eventsGoOnAfterTheAgentCameBack() throws Exception {
        List<DriverEvent> events = new CopyOnWriteArrayList<>();
        UUID id = define();
        try (Subscription subscription = driver().events(events::add)) {
            assertThat(subscription).isNotNull();
            until(() -> {
                driver().start(id);
                driver().stop(id, dev.berth.driver.StopMode.FORCE, Duration.ofSeconds(1));
                return !events.isEmpty();
            });
            java.util.Objects.requireNonNull(server).close();
            assertThatThrownBy(() -> driver().observe(id))
                    .isInstanceOfSatisfying(
                            BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE));
            serve();
            until(() -> events.stream().anyMatch(DriverEvent.Resync.class::isInstance));
        }
        assertThat(driver().observe(id).id()).isEqualTo(id);
    }

    @Test
    void aHungCallDelaysNoOther() throws InterruptedException {
        UUID id = define();
        behaviour.hang("InstanceDriver.start");
        Thread hung = Thread.ofVirtual().start(() -> driver().start(id));
        try {
            assertThat(driver().observe(id).state()).isEqualTo(RunState.STOPPED);
            node().networks().networks();
        } finally {
            behaviour.release("InstanceDriver.start");
        }
        assertThat(hung.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void consolesCarryBytesBothWays() throws Exception {
        UUID id = define();
        driver().start(id);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        List<String> ends = new CopyOnWriteArrayList<>();
        ConsoleOutput output = new ConsoleOutput() {
            @Override
            public void data(byte[] data) {
                said.writeBytes(data);
            }

            @Override
            public void closed(@Nullable String reason) {
                ends.add(String.valueOf(reason));
            }
        };
        ConsoleStream console = driver().require(Consoles.class).openConsole(id, ConsoleKind.SERIAL, output);
        console.resize(100, 30);
        console.write("echo over the wire\r".getBytes(StandardCharsets.UTF_8));
        until(() -> said.toString(StandardCharsets.UTF_8).contains("\r\nover the wire\r\n"));
        console.close();
        until(() -> ends.equals(List.of("null")));
    }

    @Test
    void anUnstartedInstanceHasNoConsole() {
        UUID id = define();
        ConsoleOutput output = new ConsoleOutput() {
            @Override
            public void data(byte[] data) {
                throw new AssertionError("nothing can be said");
            }

            @Override
            public void closed(@Nullable String reason) {
                // Not opened, so never closed.
            }
        };
        assertThatThrownBy(() -> driver().require(Consoles.class).openConsole(id, ConsoleKind.SERIAL, output))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_STATE));
    }

    private static void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            Thread.sleep(50);
        }
    }
}
