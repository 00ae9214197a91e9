package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Api;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The hardware that real machines have: processors, memory, firmware, drives, emulated devices, first-boot seed. */
@Tag("qemu")
@Tag("packaged")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MachineHardwareTest {
    private static final long MIB = 1 << 20;
    private final Machines machines = Machines.open();

    @BeforeAll
    void images() {
        machines.upload("boot-disk", BootSector.disk("BOOTED-FROM-DISK"));
        machines.upload("boot-iso", BootSector.iso("BOOTED-FROM-ISO"));
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
    void processorsAndMemoryGrowWhileTheGuestRuns() {
        machines.create("hot", ",\"maxCpus\":2,\"maxMemory\":" + 256 * MIB);
        machines.awaitUp("hot");
        try (GuestShell shell = machines.shell("hot")) {
            long before = kibibytes(shell);
            JsonNode change = machines.patch("hot", "{\"cpus\":2,\"memory\":" + 224 * MIB + "}");
            assertThat(change.toString()).doesNotContain("next start");
            shell.run("for c in /sys/devices/system/cpu/cpu*/online; do echo 1 > $c; done");
            assertThat(shell.run("echo cpus-$(grep -c ^processor /proc/cpuinfo)"))
                    .contains("\ncpus-2\r");
            shell.run("sleep 3");
            assertThat(kibibytes(shell)).isGreaterThan(before + 64 * 1024);
        }
    }

    private static long kibibytes(GuestShell shell) {
        String said = shell.run("echo total-$(grep MemTotal /proc/meminfo | tr -dc 0-9)-kib");
        return Long.parseLong(said.replaceAll("(?s).*\\ntotal-(\\d+)-kib.*", "$1"));
    }

    @Test
    void whatCannotChangeWhileTheGuestRunsNeedsARestartAndSaysSo() {
        machines.create("cold", ",\"maxCpus\":1,\"maxMemory\":" + 128 * MIB);
        machines.awaitUp("cold");
        JsonNode change = machines.patch("cold", "{\"cpus\":2,\"memory\":" + 192 * MIB + "}");
        String log = machines.api()
                .get("/api/v1/operations/" + change.path("id").asText() + "/log")
                .raw()
                .body();
        assertThat(log).contains("needs restart");
        JsonNode waiting = machines.get("cold");
        assertThat(waiting.path("state").asText()).isEqualTo("running");
        assertThat(waiting.path("cpus").asInt()).isEqualTo(2);
        assertThat(waiting.path("restartNeeded").asBoolean()).isTrue();
        machines.act("cold", "restart", "{\"timeout\":60}");
        machines.awaitLog("cold", "GUEST-UP", 2);
        assertThat(machines.get("cold").path("restartNeeded").asBoolean()).isFalse();
        try (GuestShell shell = machines.shell("cold")) {
            assertThat(shell.run("echo cpus-$(grep -c ^processor /proc/cpuinfo)"))
                    .contains("\ncpus-2\r");
            assertThat(kibibytes(shell)).isGreaterThan(150 * 1024);
        }
    }

    @Test
    void uefiFirmwareReachesTheKernel() {
        Api.Answer small = machines.api()
                .post(
                        Machines.INSTANCES,
                        "{\"name\":\"uefi\",\"kind\":\"vm\",\"firmware\":\"uefi\",\"memory\":" + 128 * MIB + "}");
        assertThat(small.status()).as("OVMF dies in so little").isEqualTo(400);
        machines.create("uefi", ",\"firmware\":\"uefi\",\"memory\":" + 256 * MIB);
        machines.awaitUp("uefi");
        try (GuestShell shell = machines.shell("uefi")) {
            assertThat(shell.run("ls -d /sys/firmware/efi && echo efi-$((1+1))"))
                    .contains("efi-2");
        }
        machines.act("uefi", "stop");
        machines.snapshot("uefi", "cold", false);
        machines.act("uefi", "start");
        machines.snapshot("uefi", "warm", true);
        machines.revert("uefi", "warm");
        assertThat(machines.state("uefi")).isEqualTo("running");
    }

    @Test
    void aMachineWithEmulatedHardwareBootsFromItsDisk() {
        machines.createFrom(
                "emulated",
                "\"image\":\"boot-disk\",\"start\":true,\"diskBus\":\"sata\",\"video\":\"vga\",\"nics\":[{\"model\":\"e1000e\"}],"
                        + "\"cloudInit\":{}");
        machines.awaitLog("emulated", "BOOTED-FROM-DISK", 1);
        String xml = xml("emulated");
        assertThat(xml).contains("bus='sata'", "type='vga'", "type='e1000e'").doesNotContain("bus='virtio'");
        machines.act("emulated", "reset");
        machines.awaitLog("emulated", "BOOTED-FROM-DISK", 2);
    }

    @Test
    void theBootOrderDecidesAndAnIsoGoesInAndOut() {
        machines.createFrom(
                "order",
                "\"image\":\"boot-disk\",\"iso\":\"boot-iso\",\"start\":true,\"bootOrder\":[\"cdrom\",\"disk\"]");
        machines.awaitLog("order", "BOOTED-FROM-ISO", 1);
        machines.act("order", "eject-iso");
        assertThat(drive("order").hasNonNull("image")).isFalse();
        machines.act("order", "reset");
        machines.awaitLog("order", "BOOTED-FROM-DISK", 1);
        machines.act("order", "attach-iso", "{\"image\":\"boot-iso\"}");
        machines.act("order", "reset");
        machines.awaitLog("order", "BOOTED-FROM-ISO", 2);
        machines.act("order", "restart", "{\"timeout\":1}");
        machines.awaitLog("order", "BOOTED-FROM-ISO", 3);
        Api.Answer inUse = machines.api().delete("/api/v1/images/boot-iso?wait=60s");
        assertThat(inUse.raw().body()).contains("in-use");
        Api.Answer wrong =
                machines.api().post(Machines.INSTANCES + "/order/actions/attach-iso", "{\"image\":\"tiny\"}");
        assertThat(wrong.status()).isEqualTo(400);
        machines.createFrom("disk-first", "\"image\":\"boot-disk\",\"iso\":\"boot-iso\",\"start\":true");
        machines.awaitLog("disk-first", "BOOTED-FROM-DISK", 1);
        assertThat(machines.log("disk-first")).doesNotContain("BOOTED-FROM-ISO");
    }

    private JsonNode drive(String name) {
        for (JsonNode disk : machines.get(name).path("disks")) {
            if (disk.path("device").asText().equals("cdrom")) {
                return disk;
            }
        }
        throw new AssertionError("no drive");
    }

    private String xml(String name) {
        return Machines.host(
                "virsh", "dumpxml", "berth-" + machines.get(name).path("id").asText());
    }

    @Test
    void theFirstBootSeedIsADiskThatTheGuestReads() {
        machines.create(
                "seeded",
                ",\"cloudInit\":{\"userData\":\"#cloud-config\\nruncmd: [\\\"echo <&>\\\"]\\n\","
                        + "\"sshKeys\":[\"ssh-ed25519 AAAA me\"],\"hostname\":\"chosen.example\"}");
        machines.awaitUp("seeded");
        try (GuestShell shell = machines.shell("seeded")) {
            assertThat(shell.run("cat /sys/block/vdb/serial; cat /sys/block/vdb/ro"))
                    .contains("\nberth-seed", "1\r");
            shell.run("mkdir /tmp/seed; mount -t iso9660 -o ro /dev/vdb /tmp/seed");
            assertThat(shell.run("cat /tmp/seed/user-data")).contains("runcmd: [\"echo <&>\"]");
            assertThat(shell.run("cat /tmp/seed/meta-data"))
                    .contains(machines.get("seeded").path("id").asText(), "chosen.example", "ssh-ed25519 AAAA me");
            assertThat(shell.run("cat /tmp/seed/network-config")).contains("dhcp4");
        }
    }

    @Test
    void noPathOfTheApiPassesAHostDeviceOrQemusOwnOptions() {
        for (String field : new String[] {
            "\"hostdev\":\"0000:00:1f.2\"",
            "\"qemuCommandLine\":[\"-device\"]",
            "\"emulator\":\"/bin/sh\"",
            "\"disks\":[{\"name\":\"x\",\"size\":1048576,\"bus\":\"scsi\"}]",
            "\"disks\":[{\"name\":\"x\",\"size\":1048576,\"device\":\"lun\"}]",
            "\"disks\":[{\"name\":\"x\",\"size\":1048576,\"path\":\"/dev/sda\"}]",
            "\"diskBus\":\"scsi\"",
            "\"nics\":[{\"model\":\"virtio\",\"hostdev\":\"0000:00:03.0\"}]",
            "\"nics\":[{\"network\":\"../../etc\"}]",
            "\"image\":\"/dev/sda\"",
            "\"iso\":\"/etc/passwd\"",
            "\"video\":\"qxl' port='5900\"",
            "\"cpuModel\":\"host' /><qemu:commandline\"",
            "\"firmware\":\"/usr/share/evil.fd\""
        }) {
            Api.Answer refused =
                    machines.api().post(Machines.INSTANCES, "{\"name\":\"bad\",\"kind\":\"vm\"," + field + "}");
            assertThat(refused.status()).as(field + " " + refused.raw().body()).isBetween(400, 422);
            assertThat(refused.body().path("code").asText()).as(field).isNotEmpty();
        }
        assertThat(machines.api().get(Machines.INSTANCES + "/bad").status()).isEqualTo(404);
    }
}
