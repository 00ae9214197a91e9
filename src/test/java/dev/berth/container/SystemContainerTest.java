package dev.berth.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A Debian with systemd in a container, beside a virtual machine of the same project. */
@Tag("packaged")
@Tag("lxc")
@Tag("qemu")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SystemContainerTest {
    private static final Duration BOOT = Duration.ofSeconds(90);
    private final Containers containers = Containers.open();

    @BeforeAll
    void images() {
        containers.succeeds(containers.api().post("/api/v1/images", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}"));
        containers.succeeds(
                containers.api().post("/api/v1/images", "{\"name\":\"debian\",\"recipe\":\"debian-12-system\"}"));
    }

    @AfterAll
    void close() {
        containers.close();
    }

    @Test
    void bootsHasAnAddressAndReachesAMachineByItsName() {
        containers.succeeds(
                containers
                        .api()
                        .post(
                                Containers.INSTANCES + "?wait=60s",
                                "{\"name\":\"neighbour\",\"kind\":\"vm\",\"image\":\"tiny\",\"cpus\":1,\"memory\":134217728,\"start\":true}"));
        containers.run("box", "debian", ",\"memory\":536870912,\"diskSize\":2147483648");
        JsonNode box = containers.get("box");
        assertThat(box.path("spec").path("mode").asText())
                .as(box.toPrettyString())
                .isEqualTo("system");

        String[] said = {""};
        Await.until(BOOT, () -> "systemd says " + said[0], () -> {
            said[0] = containers
                    .sh("box", "systemctl is-system-running; systemctl --failed --no-legend")
                    .output();
            return said[0].startsWith("running") || said[0].startsWith("degraded");
        });
        System.out.println("systemd says: " + said[0].strip());

        String address =
                containers.get("box").path("nics").path(0).path("address").asText();
        Await.until(BOOT, () -> "no lease: " + containers.sh("box", "ip addr").output(), () -> containers
                .sh("box", "ip -4 -o addr show scope global")
                .output()
                .contains(address + "/"));

        containers.awaitLog("neighbour", "GUEST-UP");
        String machine =
                containers.get("neighbour").path("nics").path(0).path("address").asText();
        Await.until(
                BOOT,
                () -> "not resolved: "
                        + containers
                                .sh("box", "getent ahostsv4 neighbour; cat /etc/resolv.conf")
                                .output(),
                () -> containers.sh("box", "getent ahostsv4 neighbour").output().contains(machine));
        Await.until(
                BOOT,
                () -> containers.sh("box", "ping -c 1 -W 2 neighbour").output(),
                () -> containers.sh("box", "ping -c 1 -W 2 neighbour").code() == 0);
    }

    @Test
    void shutdownAndRebootFromInsideWork() {
        containers.run("inner", "debian", ",\"memory\":536870912,\"diskSize\":2147483648");
        awaitBooted("inner");
        long before = containers.init("inner");
        containers.sh("inner", "systemd-run --no-block --on-active=1 systemctl reboot");
        Await.until(
                BOOT,
                () -> "it did not reboot",
                () -> containers.state("inner").equals("running") && containers.init("inner") != before);
        awaitBooted("inner");
        containers.sh("inner", "systemd-run --no-block --on-active=1 systemctl poweroff");
        Await.until(BOOT, () -> containers.get("inner").toPrettyString(), () -> containers
                .state("inner")
                .equals("stopped"));
    }

    private void awaitBooted(String name) {
        Await.until(
                BOOT,
                () -> containers.sh(name, "systemctl list-jobs").output(),
                () -> containers.state(name).equals("running")
                        && containers
                                .sh(name, "systemctl is-system-running")
                                .output()
                                .matches("(?s)(running|degraded).*"));
    }
}
