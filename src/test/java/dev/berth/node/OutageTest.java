package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * An agent or a libvirtd that is stopped, killed or frozen, and what is changed behind Berth's back: it is said plainly, reads
 * go on, operations wait, guests run on, and all comes back without a restart of the controller.
 */
@Tag("packaged")
@Tag("qemu")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class OutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String INSTANCES = "/api/v1/projects/default/instances/";

    private final Path home = temporary();
    private final PrivateHost host = PrivateHost.start(home.resolve("host"));
    private final Installation installation =
            Installation.real(home.resolve("berth"), "qemu:///system").within(host.prefix());
    private UUID guest = new UUID(0, 0);
    private long process;

    private static Path temporary() {
        try {
            Path directory = Files.createTempDirectory("outage");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path state = Files.createDirectories(directory.resolve("berth"));
            Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
            return directory;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeAll
    void installWithOneGuestThatRuns() throws Exception {
        // Outside, because the private host cannot fetch the guest's kernel if the cache has none.
        Process build = new ProcessBuilder(
                        "infra/image-build", "tiny", home.resolve("tiny").toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("image.out").toFile())
                .start();
        assertThat(build.waitFor(5, TimeUnit.MINUTES)).isTrue();
        installation.start();
        connected(true);
        succeeded(api().post("/api/v1/images?wait=5m", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}"));
        guest = create("guest", true);
        create("spare", false);
        process = host.guest(guest);
    }

    @AfterAll
    void end() throws IOException {
        installation.close();
        host.close();
        PrivateHost.remove(home);
    }

    private Api api() {
        return installation.api();
    }

    private UUID create(String name, boolean start) {
        succeeded(api().post(
                        INSTANCES + "?wait=3m",
                        "{\"name\":\"" + name + "\",\"kind\":\"vm\",\"image\":\"tiny\",\"memory\":134217728,\"start\":"
                                + start + "}"));
        return UUID.fromString(instance(name).get("id").asText());
    }

    private static void succeeded(Api.Answer operation) {
        assertThat(operation.ok().get("state").asText())
                .as(operation.raw().body())
                .isEqualTo("succeeded");
    }

    private JsonNode instance(String name) {
        return api().get(INSTANCES + name).ok();
    }

    private JsonNode node() {
        return api().get("/api/v1/nodes/local").ok();
    }

    private void connected(boolean wanted) {
        Await.until(SOON, () -> "node: " + node(), () -> node().get("connected").asBoolean() == wanted);
    }

    private void until(String name, Predicate<JsonNode> condition) {
        Await.until(SOON, () -> name + ": " + instance(name), () -> condition.test(instance(name)));
    }

    /** Reads answer at once, whatever is away. */
    private void readsAreFast() {
        long began = System.nanoTime();
        for (String path : List.of(
                "/api/v1/inventory",
                "/api/v1/nodes",
                "/api/v1/images",
                "/api/v1/operations",
                INSTANCES,
                INSTANCES + "guest")) {
            api().get(path).ok();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    /** What must hold in each outage, from its beginning to its end. */
    private void outage(String said, Runnable begin, Runnable end) {
        begin.run();
        Await.until(SOON, () -> "the node does not say '" + said + "': " + node(), () -> node().path("problem")
                .asText()
                .contains(said));
        until(
                "guest",
                seen -> seen.get("stale").asBoolean()
                        && seen.get("state").asText().equals("running")
                        && seen.get("reason").asText().contains("last that was seen"));
        assertThat(api().get("/api/v1/inventory").ok().toString()).contains("\"stale\":true");
        readsAreFast();
        String operation = start();
        Await.until(
                PATIENCE,
                () -> "the operation does not say what it waits for: " + operation(operation),
                () -> operation(operation).path("waitingFor").isTextual());
        assertThat(operation(operation).get("state").asText()).isEqualTo("running");
        readsAreFast();
        assertThat(PrivateHost.runs(process)).as("the guest runs on").isTrue();
        end.run();
        Await.until(
                PATIENCE,
                () -> "the operation did not end: " + operation(operation),
                () -> operation(operation).get("state").asText().equals("succeeded"));
        until(
                "guest",
                seen -> !seen.get("stale").asBoolean()
                        && seen.get("state").asText().equals("running")
                        && !seen.path("reason").isTextual());
        assertThat(node().path("problem").isTextual()).as(node().toString()).isFalse();
        assertThat(host.guest(guest)).as("the same guest, never restarted").isEqualTo(process);
        until("spare", seen -> seen.get("state").asText().equals("running"));
        succeeded(api().post(INSTANCES + "spare/actions/stop?wait=1m", "{}"));
        until("guest", seen -> seen.path("usage").isObject());
    }

    private String start() {
        Api.Answer answer = api().post(INSTANCES + "spare/actions/start", "{}");
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        return answer.body().get("id").asText();
    }

    private JsonNode operation(String id) {
        return api().get("/api/v1/operations/" + id).ok();
    }

    private void startAgent() {
        installation.startAgent(Map.of());
    }

    @Test
    void agentFrozen() {
        outage(
                "agent does not answer",
                () -> PrivateHost.signal(installation.agentProcess(), "STOP"),
                () -> PrivateHost.signal(installation.agentProcess(), "CONT"));
    }

    @Test
    void agentKilled() {
        outage("agent does not answer", installation::killAgent, this::startAgent);
    }

    @Test
    void agentStopped() {
        outage(
                "agent does not answer",
                () -> {
                    PrivateHost.signal(installation.agentProcess(), "TERM");
                    assertThat(installation.agentEnded(SOON)).isTrue();
                    assertThat(api().get(INSTANCES + "guest/log").status()).isEqualTo(503);
                },
                this::startAgent);
    }

    @Test
    void anotherAgentIsRefused() {
        assertThat(installation.anotherAgent())
                .contains("Another agent works on " + installation.state().resolve("agent"));
        assertThat(installation.state().resolve("run/other.sock")).doesNotExist();
        assertThat(host.guest(guest)).isEqualTo(process);
    }

    /** More of them than libvirtd takes calls of one connection at once, and for longer than its keep-alive has patience. */
    @Test
    void guestsThatHangLeaveOthersAlone() {
        List<String> names =
                IntStream.range(0, 6).mapToObj(number -> "hangs-" + number).toList();
        List<UUID> ids = names.stream().map(name -> create(name, true)).toList();
        List<Long> machines = ids.stream().map(host::guest).toList();
        machines.forEach(machine -> PrivateHost.signal(machine, "STOP"));
        List<String> snapshots = names.stream()
                .map(name -> api().post(INSTANCES + name + "/snapshots", "{\"name\":\"s\",\"withMemory\":true}")
                        .body())
                .map(operation -> operation.path("id").asText())
                .toList();
        Await.until(PATIENCE, () -> "not said: " + operation(snapshots.getFirst()), () -> {
            succeeded(api().post(INSTANCES + "guest/actions/pause?wait=5s", "{}"));
            succeeded(api().post(INSTANCES + "guest/actions/resume?wait=5s", "{}"));
            assertThat(node().path("problem").isTextual()).as(node().toString()).isFalse();
            return operation(snapshots.getFirst()).path("waitingFor").asText().contains("not answered an earlier call");
        });
        // One that hangs is shut down as well, by force in the end.
        UUID hung = create("hung", true);
        PrivateHost.signal(host.guest(hung), "STOP");
        succeeded(api().post(INSTANCES + "hung/actions/stop?wait=2m", "{\"timeout\":5}"));
        until("hung", seen -> seen.get("state").asText().equals("stopped"));
        succeeded(api().delete(INSTANCES + "hung?wait=1m"));
        // Calls of an agent that is gone are on their way still: they may not hold a guest for good.
        installation.killAgent();
        connected(false);
        startAgent();
        connected(true);
        succeeded(api().post(INSTANCES + "guest/actions/pause?wait=20s", "{}"));
        succeeded(api().post(INSTANCES + "guest/actions/resume?wait=5s", "{}"));
        machines.forEach(machine -> PrivateHost.signal(machine, "CONT"));
        for (int i = 0; i < snapshots.size(); i++) {
            String snapshot = snapshots.get(i);
            Await.until(
                    PATIENCE,
                    () -> "no end: " + operation(snapshot),
                    () -> operation(snapshot).get("state").asText().equals("succeeded"));
            until(names.get(i), seen -> seen.get("state").asText().equals("running"));
            assertThat(host.guest(ids.get(i))).isEqualTo(machines.get(i));
            succeeded(api().delete(INSTANCES + names.get(i) + "?force=true&wait=2m"));
        }
    }

    @Test
    void libvirtdFrozen() {
        outage("libvirt", host::stopLibvirtd, host::continueLibvirtd);
    }

    @Test
    void libvirtdKilled() {
        outage("libvirt", host::killLibvirtd, host::startLibvirtd);
    }

    @Test
    void stoppedByHand() {
        UUID id = create("by-hand", true);
        host.virsh("destroy", "berth-" + id);
        until("by-hand", seen -> seen.get("state").asText().equals("stopped"));
        assertThat(instance("by-hand").get("desiredState").asText())
                .as("what was asked for is still known, and not enforced behind anybody's back")
                .isEqualTo("running");
        succeeded(api().post(INSTANCES + "by-hand/actions/start?wait=2m", "{}"));
        until("by-hand", seen -> seen.get("state").asText().equals("running"));
        PrivateHost.signal(host.guest(id), "KILL");
        until(
                "by-hand",
                seen -> seen.get("state").asText().equals("crashed")
                        && seen.get("reason").asText().contains("QEMU ended unexpectedly"));
        succeeded(api().post(INSTANCES + "by-hand/actions/start?wait=2m", "{}"));
        until("by-hand", seen -> seen.get("state").asText().equals("running"));
        succeeded(api().delete(INSTANCES + "by-hand?force=true&wait=2m"));
    }

    @Test
    void undefinedByHand() throws IOException {
        UUID id = create("gone", false);
        Path files = installation.state().resolve("agent/instances/" + id);
        List<Path> before = disks(files);
        assertThat(before).isNotEmpty();
        host.virsh("undefine", "berth-" + id);
        until(
                "gone",
                seen -> seen.get("state").asText().equals("missing")
                        && seen.get("reason").asText().contains("other means"));
        JsonNode start =
                api().post(INSTANCES + "gone/actions/start?wait=1m", "{}").body();
        JsonNode failed = api().get(
                        "/api/v1/operations/" + start.path("operation").asText())
                .ok();
        assertThat(failed.get("state").asText()).as(start.toString()).isEqualTo("failed");
        assertThat(host.virsh("list", "--all", "--name")).doesNotContain(id.toString());
        installation.killAgent();
        startAgent();
        connected(true);
        until(
                "gone",
                seen -> seen.get("state").asText().equals("missing")
                        && !seen.get("stale").asBoolean());
        assertThat(disks(files)).as("its disks are somebody's data").isEqualTo(before);
        succeeded(api().delete(INSTANCES + "gone?force=true&wait=2m"));
        assertThat(files).doesNotExist();
    }

    private static List<Path> disks(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".qcow2"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void undefinedByHandWhileItRuns() {
        UUID id = create("transient", true);
        long running = host.guest(id);
        host.virsh("undefine", "berth-" + id);
        assertThat(PrivateHost.runs(running)).isTrue();
        until("transient", seen -> seen.get("state").asText().equals("running"));
        succeeded(api().post(INSTANCES + "transient/actions/stop?wait=1m", "{}"));
        until("transient", seen -> seen.get("state").asText().equals("missing"));
        succeeded(api().delete(INSTANCES + "transient?force=true&wait=2m"));
        assertThat(PrivateHost.runs(running)).isFalse();
    }

    @Test
    void foreignDomainsAreNobodysBusiness() throws IOException {
        String lookalike = "berth-" + UUID.randomUUID();
        for (String name : List.of("foreign", lookalike)) {
            Path xml = Files.writeString(
                    home.resolve(name + ".xml"),
                    "<domain type='qemu'><name>" + name + "</name><memory unit='MiB'>32</memory>"
                            + "<os><type arch='x86_64'>hvm</type></os></domain>");
            host.virsh("define", xml.toString());
            host.virsh("start", name);
        }
        String before = host.virsh("list", "--all", "--name");
        installation.killAgent();
        startAgent();
        connected(true);
        until("guest", seen -> !seen.get("stale").asBoolean());
        assertThat(api().get("/api/v1/inventory").ok().toString()).doesNotContain("foreign", lookalike);
        assertThat(host.virsh("list", "--all", "--name").lines().sorted())
                .isEqualTo(before.lines().sorted().toList());
        before.lines()
                .filter(name -> name.startsWith("foreign"))
                .forEach(name -> assertThat(host.virsh("domstate", name)).contains("running"));
    }
}
