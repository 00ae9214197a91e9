package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What real machines keep on their disks through growing, snapshots, clones and rebuilds; asked from inside the guests. */
@Tag("qemu")
@Tag("packaged")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MachineDisksTest {
    private static final long MIB = 1 << 20;
    private final Machines machines = Machines.open();

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
    void aDiskGrownWhileTheGuestRunsIsLargerInside() {
        machines.create("grow", "");
        machines.awaitUp("grow");
        try (GuestShell shell = machines.shell("grow")) {
            assertThat(shell.run("cat /sys/block/vda/size")).contains("\n131072\r");
            machines.patch("grow", "{\"disks\":[{\"name\":\"root\",\"size\":" + 96 * MIB + "}]}");
            assertThat(shell.run("cat /sys/block/vda/size")).contains("\n196608\r");
        }
        Api.Answer smaller = machines.change("grow", "{\"disks\":[{\"name\":\"root\",\"size\":" + 64 * MIB + "}]}");
        assertThat(smaller.status()).isEqualTo(400);
    }

    @Test
    void revertingToADiskSnapshotUndoesWhatWasWrittenSince() {
        machines.create("undo", "");
        machines.awaitUp("undo");
        try (GuestShell shell = machines.shell("undo")) {
            shell.run("echo one > /data/one; sync");
            machines.snapshot("undo", "first", false);
            shell.run("echo two > /data/two; sync");
            machines.snapshot("undo", "middle", false);
            shell.run("echo three > /data/three; sync");
            machines.snapshot("undo", "last", false);
        }
        assertThat(machines.state("undo"))
                .as("a disk snapshot leaves the guest running")
                .isEqualTo("running");
        machines.deleteSnapshot("undo", "middle");
        assertThat(snapshots("undo")).containsExactly("first", "last");
        machines.patch("undo", "{\"disks\":[{\"name\":\"root\",\"size\":" + 80 * MIB + "}]}");
        machines.revert("undo", "last");
        assertThat(machines.state("undo")).isEqualTo("stopped");
        assertThat(files("undo")).contains("one", "two", "three");
        machines.revert("undo", "first");
        assertThat(files("undo")).contains("one").doesNotContain("two", "three");
        try (GuestShell shell = machines.shell("undo")) {
            assertThat(shell.run("cat /sys/block/vda/size")).as("stays grown").contains("\n163840\r");
        }
        machines.delete("undo");
        assertThat(machines.api().get(Machines.INSTANCES + "/undo").status()).isEqualTo(404);
    }

    private List<String> snapshots(String name) {
        List<String> names = new ArrayList<>();
        machines.api()
                .get(Machines.INSTANCES + "/" + name + "/snapshots")
                .ok()
                .path("items")
                .forEach(snapshot -> names.add(snapshot.path("name").asText()));
        return names;
    }

    /** Starts it and lists its disk. */
    private String files(String name) {
        int ups = machines.log(name).split("GUEST-UP", -1).length - 1;
        machines.act(name, "start");
        machines.awaitLog(name, "GUEST-UP", ups + 1);
        try (GuestShell shell = machines.shell(name)) {
            return shell.run("ls /data | tr '\\n' ' '");
        }
    }

    @Test
    void revertingToMemoryGoesOnWithTheShellThatRan() {
        machines.create("memory", "");
        machines.awaitUp("memory");
        try (GuestShell shell = machines.shell("memory")) {
            shell.run("kept=before; echo $kept > /data/kept; sync");
            machines.snapshot("memory", "alive", true);
            shell.run("kept=after; echo $kept > /data/kept; sync");
        }
        machines.revert("memory", "alive");
        assertThat(machines.state("memory")).isEqualTo("running");
        try (GuestShell shell = machines.shell("memory")) {
            assertThat(shell.run("echo shell-$kept; cat /data/kept")).contains("\nshell-before\r", "\nbefore\r");
            assertThat(shell.run("ping -c 1 -w 20 $(ip route | grep default | cut -d' ' -f3) && echo reach-$((1+1))"))
                    .contains("reach-2");
        }
        machines.act("memory", "stop");
        machines.revert("memory", "alive");
        assertThat(machines.state("memory")).as("a stopped one runs again").isEqualTo("running");
        machines.deleteSnapshot("memory", "alive");
        assertThat(snapshots("memory")).isEmpty();
        assertThat(machines.state("memory")).isEqualTo("running");
    }

    @Test
    void clonesHaveTheDataAndAnIdentityOfTheirOwn() {
        machines.create("origin", "");
        machines.awaitUp("origin");
        try (GuestShell shell = machines.shell("origin")) {
            shell.run("echo dolly > /data/sheep; sync");
        }
        Api.Answer running = machines.api().post(Machines.INSTANCES + "/origin/actions/clone", "{\"name\":\"early\"}");
        assertThat(running.status()).isEqualTo(409);
        machines.act("origin", "shutdown", "{\"timeout\":60}");
        machines.act("origin", "clone", "{\"name\":\"copy-full\"}");
        machines.act("origin", "clone", "{\"name\":\"copy-linked\",\"cloneMode\":\"linked\"}");
        machines.delete("origin");
        JsonNode full = machines.get("copy-full");
        JsonNode linked = machines.get("copy-linked");
        assertThat(full.path("nics").get(0).path("mac"))
                .isNotEqualTo(linked.path("nics").get(0).path("mac"));
        assertThat(full.path("nics").get(0).path("address"))
                .isNotEqualTo(linked.path("nics").get(0).path("address"));
        assertThat(backing(full)).isEqualTo("null");
        assertThat(backing(linked)).contains("/agent/images/");
        for (String name : List.of("copy-full", "copy-linked")) {
            machines.act(name, "start");
            machines.awaitUp(name);
            try (GuestShell shell = machines.shell(name)) {
                assertThat(shell.run("cat /data/sheep")).contains("\ndolly\r");
                assertThat(shell.run("hostname")).contains("\n" + name + "\r");
            }
            String address =
                    machines.get(name).path("nics").get(0).path("address").asText();
            Await.until(
                    Machines.PATIENCE,
                    () -> "no " + address,
                    () -> machines.get(name).path("addresses").toString().contains(address));
        }
    }

    private String backing(JsonNode instance) {
        String file = machines.installation().state() + "/agent/instances/"
                + instance.path("id").asText() + "/disk-"
                + instance.path("disks").get(0).path("id").asText() + ".qcow2";
        String info = Machines.host("qemu-img", "info", "-U", "-f", "qcow2", "--output=json", file);
        return info.lines()
                .filter(line -> line.contains("\"full-backing-filename\""))
                .findFirst()
                .orElse("null");
    }

    @Test
    void aRebuiltMachineIsNewInsideAndTheSameOutside() {
        machines.create("rebuild", "");
        machines.awaitUp("rebuild");
        try (GuestShell shell = machines.shell("rebuild")) {
            shell.run("echo old > /data/old; sync");
        }
        JsonNode before = machines.get("rebuild");
        machines.act("rebuild", "stop");
        machines.act("rebuild", "rebuild", "{\"start\":true}");
        JsonNode after = machines.get("rebuild");
        for (String field : List.of("id", "name", "nics", "cpus", "memory", "createdAt")) {
            assertThat(after.path(field)).as(field).isEqualTo(before.path(field));
        }
        machines.awaitLog("rebuild", "GUEST-UP", 2);
        assertThat(machines.log("rebuild"))
                .as("same address")
                .contains(
                        "GUEST-UP " + before.path("nics").get(0).path("address").asText());
        try (GuestShell shell = machines.shell("rebuild")) {
            assertThat(shell.run("ls /data")).contains("lost+found").doesNotContain("\nold\r");
        }
    }

    @Test
    void whatAGuestWritesIntoItsDiskIsNeverTakenForAHeader() {
        machines.create("forged", "");
        machines.awaitUp("forged");
        try (GuestShell shell = machines.shell("forged")) {
            // A qcow2 header that names /etc/hostname as its backing file, at the beginning of the guest's disk.
            shell.run("umount /data; printf 'QFI\\373\\0\\0\\0\\3\\0\\0\\0\\0\\0\\0\\2\\0\\0\\0\\0\\15\\0\\0\\0\\20"
                    + "\\0\\0\\0\\0\\0\\20\\0\\0' > /tmp/h; dd if=/tmp/h of=/dev/vda conv=notrunc,fsync 2>/dev/null;"
                    + " printf '/etc/hostname' | dd of=/dev/vda bs=512 seek=1 conv=notrunc,fsync 2>/dev/null; sync");
        }
        machines.act("forged", "stop");
        machines.patch("forged", "{\"disks\":[{\"name\":\"root\",\"size\":" + 72 * MIB + "}]}");
        machines.snapshot("forged", "s", false);
        machines.revert("forged", "s");
        machines.act("forged", "clone", "{\"name\":\"forged-copy\"}");
        assertThat(backing(machines.get("forged"))).contains("/agent/images/");
        assertThat(backing(machines.get("forged-copy"))).isEqualTo("null");
        machines.act("forged", "start");
        machines.awaitLog("forged", "GUEST-UP", 2);
        try (GuestShell shell = machines.shell("forged")) {
            assertThat(shell.run("cat /sys/block/vda/size")).contains("\n147456\r");
        }
    }
}
