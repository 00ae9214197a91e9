package dev.berth.driver.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image {@code debian-12}, built by {@code infra/image-build} (unless {@code BERTH_TEST_DEBIAN_12} names a directory with
 * its {@code disk.qcow2}), boots, and cloud-init does what a NoCloud seed on a virtio disk says. Takes minutes without KVM.
 */
@Tag("qemu")
@Tag("slow")
class Debian12BootTest {
    private static final Duration BOOT = Duration.ofMinutes(10);
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGD+u7F+R7gOWgkwh7BRecGILRmAIsljyU9PTeiBxCK/ ada";
    private static final String OVMF = "/usr/share/OVMF/OVMF_CODE_4M.fd";
    private static Path image = Path.of("target", "debian-12", "disk.qcow2");

    @TempDir
    Path directory;

    @BeforeAll
    static void build() throws Exception {
        String given = System.getenv("BERTH_TEST_DEBIAN_12");
        if (given != null) {
            image = Path.of(given, "disk.qcow2");
        } else if (!Files.exists(image)) {
            PlainMachine.finish(List.of("infra/image-build", "debian-12", "target/debian-12"));
        }
        image = image.toRealPath();
    }

    private Path seed() throws Exception {
        Path files = Files.createDirectory(directory.resolve("seed"));
        Files.writeString(
                files.resolve("meta-data"),
                "{\"instance-id\":\"i-1\",\"local-hostname\":\"web1\",\"public-keys\":[\"" + KEY + "\"]}\n");
        Files.writeString(
                files.resolve("user-data"),
                "#cloud-config\nwrite_files: [{path: /root/proof, content: from-user-data}]\n");
        Files.writeString(
                files.resolve("network-config"),
                "{\"version\":2,\"ethernets\":{\"all\":{\"match\":{\"name\":\"e*\"},\"dhcp4\":true}}}\n");
        Path seed = directory.resolve("seed.iso");
        PlainMachine.finish(List.of(
                "genisoimage", "-quiet", "-output", seed + "", "-volid", "cidata", "-joliet", "-rock", files + ""));
        return seed;
    }

    @Test
    void bootsByBiosAndDoesWhatTheSeedSays() throws Exception {
        try (PlainMachine machine = PlainMachine.start(directory, image, seed(), List.of())) {
            machine.await("login prompt", BOOT, () -> machine.serial().contains("web1 login:"));
            machine.await("end of cloud-init", BOOT, () -> machine.serial().contains("DataSourceNoCloud"));
            assertThat(machine.run("hostname")).isEqualTo("web1\n");
            assertThat(machine.run("cat /home/debian/.ssh/authorized_keys")).contains(KEY);
            assertThat(machine.run("cat /root/proof")).isEqualTo("from-user-data");
            assertThat(machine.run("cloud-init status")).isEqualTo("status: done\n");
            assertThat(machine.run("ip -4 -o addr show scope global")).contains("10.0.2.15/24");
            assertThat(Long.parseLong(
                            machine.run("df -B1 --output=size / | tail -1").strip()))
                    .as("growpart and resizefs")
                    .isGreaterThan(7L << 30);
            assertThat(machine.run("findmnt -n -o TARGET /boot/efi")).isEqualTo("/boot/efi\n");
            assertThat(machine.run("systemctl --failed --no-legend --plain")).isEmpty();
            assertThat(machine.run("cat /etc/machine-id")).hasSize(33);
            assertThat(machine.run("update-grub >/dev/null 2>&1 && grep -c ttyS0 /boot/grub/grub.cfg")
                            .strip())
                    .isNotEqualTo("0")
                    .isNotEmpty();
            assertThat(machine.sshGreeting()).isEqualTo("SSH-2.0-Ope");
        }
    }

    @Test
    void bootsByUefi() throws Exception {
        assumeTrue(Files.exists(Path.of(OVMF)), "OVMF is not installed");
        Path variables = directory.resolve("variables.fd");
        Files.copy(Path.of("/usr/share/OVMF/OVMF_VARS_4M.fd"), variables);
        List<String> firmware = List.of(
                "-drive",
                "if=pflash,format=raw,readonly=on,file=" + OVMF,
                "-drive",
                "if=pflash,format=raw,file=" + variables);
        try (PlainMachine machine = PlainMachine.start(directory, image, seed(), firmware)) {
            machine.await("login prompt", BOOT, () -> machine.serial().contains("web1 login:"));
        }
    }
}
