package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.console.ConsoleClient;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The power of real machines, and what Berth tells of them, through REST, controller, agent, libvirt and QEMU. */
@Tag("qemu")
@Tag("packaged")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MachinePowerTest {
    private final Machines machines = Machines.open();

    @BeforeAll
    void node() {
        assertThat(machines.api().get("/api/v1/nodes/local").ok().toString()).contains("\"accelerator\"");
    }

    /** Idle guests cost processor time too. */
    @AfterEach
    void deleteAll() {
        machines.deleteAll();
    }

    @AfterAll
    void close() {
        machines.close();
    }

    @Test
    void aStartedMachineShowsItsAddressWithinTwoSecondsOfTheLease() throws Exception {
        long begun = System.nanoTime();
        machines.create("address", "");
        long created = System.nanoTime();
        machines.awaitUp("address");
        long up = System.nanoTime();
        String address =
                machines.get("address").path("nics").get(0).path("address").asText();
        Await.until(Duration.ofSeconds(2), () -> "no address in the inventory", () -> inventoryShows(address));
        System.out.printf(
                "create+start %d ms, lease %d ms later, in the inventory %d ms after the guest said it has it%n",
                (created - begun) / 1_000_000, (up - created) / 1_000_000, (System.nanoTime() - up) / 1_000_000);
        assertThat(machines.log("address")).contains("GUEST-UP " + address);
        assertThat(machines.get("address").path("state").asText()).isEqualTo("running");
        assertThat(machines.get("address").path("startedAt").asText()).isNotEmpty();
    }

    private boolean inventoryShows(String address) {
        return machines.api()
                .get("/api/v1/inventory")
                .ok()
                .path("instances")
                .toString()
                .contains("\"" + address + "\"");
    }

    @Test
    void theGuestEndsByItsPowerButton() {
        machines.create("acpi", "");
        machines.awaitUp("acpi");
        machines.act("acpi", "shutdown", "{\"timeout\":120,\"force\":false}");
        assertThat(machines.state("acpi")).isEqualTo("stopped");
        machines.act("acpi", "start");
        machines.awaitLog("acpi", "GUEST-UP", 2);
    }

    @Test
    void aGuestThatIgnoresItsPowerButtonIsStoppedByForceOnlyWhenAsked() {
        machines.create("deaf", "");
        machines.awaitUp("deaf");
        try (GuestShell shell = machines.shell("deaf")) {
            shell.run("killall acpid");
        }
        Api.Answer refused = machines.api()
                .post(Machines.INSTANCES + "/deaf/actions/shutdown?wait=90s", "{\"timeout\":6,\"force\":false}");
        assertThat(refused.status()).as(refused.body().toString()).isEqualTo(504);
        assertThat(refused.body().path("code").asText()).isEqualTo("deadline-exceeded");
        assertThat(machines.state("deaf")).isEqualTo("running");
        machines.act("deaf", "shutdown", "{\"timeout\":3,\"force\":true}");
        assertThat(machines.state("deaf")).isEqualTo("stopped");
    }

    @Test
    void aPausedGuestStandsStillAndGoesOn() throws Exception {
        machines.create("still", "");
        machines.awaitUp("still");
        try (GuestShell shell = machines.shell("still")) {
            shell.type("i=0; while true; do i=$((i+1)); echo tick-$i; sleep 1; done");
            Await.until(Machines.PATIENCE, shell::said, () -> shell.said().contains("tick-3\r"));
            machines.act("still", "pause");
            assertThat(machines.state("still")).isEqualTo("paused");
            Thread.sleep(500);
            int before = shell.said().length();
            Thread.sleep(3000);
            assertThat(shell.said().length()).as("a paused guest says nothing").isEqualTo(before);
            machines.act("still", "resume");
            Await.until(Machines.PATIENCE, shell::said, () -> shell.said().length() > before);
        }
        assertThat(machines.state("still")).isEqualTo("running");
        machines.act("still", "reset");
        machines.awaitLog("still", "GUEST-UP", 2);
        machines.act("still", "restart", "{\"timeout\":120}");
        machines.awaitLog("still", "GUEST-UP", 3);
        machines.act("still", "stop");
        assertThat(machines.state("still")).isEqualTo("stopped");
    }

    @Test
    void renamesAndProtects() {
        JsonNode before = create("old-name");
        machines.patch("old-name", "{\"name\":\"new-name\",\"deletionProtection\":true}");
        JsonNode after = machines.get("new-name");
        assertThat(after.path("id")).isEqualTo(before.path("id"));
        assertThat(after.path("nics")).isEqualTo(before.path("nics"));
        assertThat(machines.api().get(Machines.INSTANCES + "/old-name").status())
                .isEqualTo(404);
        String id = after.path("id").asText();
        assertThat(Machines.host("virsh", "desc", "--title", "berth-" + id)).contains("new-name");
        assertThat(dns(after))
                .as("the name that other guests look up")
                .contains("new-name")
                .doesNotContain("old-name");
        Api.Answer refused = machines.api().delete(Machines.INSTANCES + "/new-name");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("code").asText()).isEqualTo("protected");
        machines.patch("new-name", "{\"deletionProtection\":false}");
        machines.delete("new-name");
        assertThat(machines.api().get(Machines.INSTANCES + "/new-name").status())
                .isEqualTo(404);
        assertThat(Machines.host("virsh", "list", "--all", "--name")).doesNotContain(id);
        assertThat(Path.of(machines.installation().state() + "/agent/instances/" + id))
                .doesNotExist();
    }

    private JsonNode create(String name) {
        machines.createFrom(name, "\"image\":\"tiny\",\"start\":false");
        return machines.get(name);
    }

    private static String dns(JsonNode instance) {
        JsonNode nic = instance.path("nics").get(0);
        String file = nic.path("mac").asText().replace(":", "");
        return Machines.host(
                "cat",
                Machines.LEASES
                        .resolve(nic.path("network").asText() + ".berth/dns/" + file)
                        .toString());
    }

    @Test
    void machinesAndConsolesOutliveTheAgent() throws Exception {
        machines.create("outlives", "");
        machines.awaitUp("outlives");
        try (GuestShell shell = machines.shell("outlives")) {
            shell.run("kept=value-$((40+2))");
        }
        machines.installation().killAgent();
        machines.installation().startAgent(Map.of());
        machines.awaitNode();
        machines.awaitState("outlives", "running");
        try (GuestShell shell = reopened("outlives")) {
            assertThat(shell.run("echo $kept")).contains("value-42");
        }
        assertThat(machines.log("outlives")).contains("GUEST-UP");
    }

    /** Opens a console as a browser does: again, while the node is on its way back. */
    private GuestShell reopened(String name) throws InterruptedException {
        for (int i = 0; i < 60; i++) {
            try {
                return machines.shell(name);
            } catch (ConsoleClient.Closed e) {
                Thread.sleep(1000);
            }
        }
        throw new AssertionError("the console stays closed");
    }

    @Test
    void whatAGuestFloodsTheAgentChannelWithReachesNobody() throws Exception {
        machines.create("flood", "");
        machines.awaitUp("flood");
        String id = machines.get("flood").path("id").asText();
        try (GuestShell shell = machines.shell("flood")) {
            // It blocks when nobody reads on the other side; that is the guest's own trouble.
            shell.run(
                    "p=/dev/$(grep -l guest_agent /sys/class/virtio-ports/*/name | cut -d/ -f5); ls $p;"
                            + " (yes '<script>alert(1)</script>{\"return\":[[[[' | head -c 104857600 > $p; echo all-of-it) & true");
            Thread.sleep(20_000);
            assertThat(shell.run("echo alive-$((1+1))")).contains("\nalive-2\r");
        }
        assertThat(machines.get("flood").toString()).doesNotContain("script");
        assertThat(machines.state("flood")).isEqualTo("running");
        assertThat(machines.installation().agentMemory())
                .as("resident bytes of the agent")
                .isLessThan(400L << 20);
        machines.act("flood", "pause");
        machines.act("flood", "resume");
        assertThat(Machines.host("virsh", "domstate", "berth-" + id)).contains("running");
    }
}
