package dev.berth.driver.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageRef;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.kernel.DataSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Disks whose first bytes are the header of a qcow2 file that stands on a secret file of the host, as a guest could write
 * them (CVE-2026-24708): whatever is done with such a disk, its bytes stay bytes, because no format is ever probed.
 */
class ForgedHeaderTest {
    private static final DataSize SIZE = new DataSize(4 << 20);
    private static final DataSize LARGER = new DataSize(8 << 20);
    private static final byte SECRET = 0x5a;

    @TempDir
    Path directory;

    private Disks disks;
    private ImageRef image;
    private byte[] forged;

    @BeforeEach
    void forge() throws IOException {
        StoreLayout layout = new StoreLayout(directory);
        Files.createDirectories(layout.images());
        disks = new Disks(layout);
        byte[] secret = new byte[1 << 20];
        Arrays.fill(secret, SECRET);
        Path hidden = Files.write(directory.resolve("secret"), secret);
        Path header = directory.resolve("header");
        tool("qemu-img", "create", "-q", "-f", "qcow2", "-b", hidden.toString(), "-F", "raw", header.toString());
        forged = Files.readAllBytes(header);
        assertThat(forged).startsWith('Q', 'F', 'I', 0xfb);
        image = new ImageRef(UUID.randomUUID(), ImageFormat.RAW);
        Files.write(layout.image(image), Arrays.copyOf(forged, 1 << 20));
    }

    private static String tool(String... command) {
        return Tool.run(Duration.ofMinutes(1), List.of(command));
    }

    private DiskSpec spec(DiskSpec.CloneMode mode, DataSize size) {
        return new DiskSpec(UUID.randomUUID(), "root", DiskSpec.Device.DISK, size, image, mode, DiskSpec.Bus.VIRTIO);
    }

    private Path create(DiskSpec.CloneMode mode) {
        Path disk = directory.resolve("disk-" + UUID.randomUUID() + ".qcow2");
        disks.create(spec(mode, SIZE), disk, ProgressSink.NONE);
        return disk;
    }

    /** The guest that owns the disk writes the header to its first sectors. */
    private void write(Path disk) {
        String bytes = directory.resolve("header").toString();
        tool(
                "qemu-io",
                "-f",
                "qcow2",
                "-c",
                "write -q -s " + bytes + " 0 " + forged.length / 512 * 512,
                disk.toString());
    }

    private void holdsTheForgedBytes(Path disk, DataSize size) throws IOException {
        assertThat(QemuImg.virtualSize(new QemuImg.Base(disk, "qcow2"))).isEqualTo(size);
        assertThat(QemuImg.backingFile(disk)).doesNotContain("secret");
        Path raw = directory.resolve("raw");
        tool("qemu-img", "convert", "-f", "qcow2", "-O", "raw", disk.toString(), raw.toString());
        try (InputStream in = Files.newInputStream(raw)) {
            byte[] first = in.readNBytes(forged.length / 512 * 512);
            assertThat(first).isEqualTo(Arrays.copyOf(forged, first.length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDiskOfARawImageTakesItsBytesAsTheyAre(DiskSpec.CloneMode mode) throws IOException {
        holdsTheForgedBytes(create(mode), SIZE);
    }

    @ParameterizedTest
    @EnumSource
    void growing(DiskSpec.CloneMode mode) throws IOException {
        Path disk = create(mode);
        write(disk);
        QemuImg.grow(disk, LARGER);
        holdsTheForgedBytes(disk, LARGER);
    }

    @ParameterizedTest
    @EnumSource
    void snapshots(DiskSpec.CloneMode mode) throws IOException {
        Path disk = create(mode);
        write(disk);
        QemuImg.takeSnapshot(disk, "one");
        assertThat(QemuImg.snapshotNames(disk)).containsExactly("one");
        QemuImg.applySnapshot(disk, "one");
        holdsTheForgedBytes(disk, SIZE);
        QemuImg.deleteSnapshot(disk, "one");
        assertThat(QemuImg.snapshotNames(disk)).isEmpty();
        holdsTheForgedBytes(disk, SIZE);
    }

    @ParameterizedTest
    @EnumSource
    void cloning(DiskSpec.CloneMode mode) throws IOException {
        Path disk = create(mode);
        write(disk);
        Path copy = directory.resolve("disk-copy.qcow2");
        disks.copy(disk, spec(mode, LARGER), copy, ProgressSink.NONE);
        holdsTheForgedBytes(copy, LARGER);
    }

    @Test
    void rebuilding() throws IOException {
        Path disk = create(DiskSpec.CloneMode.FULL);
        write(disk);
        disks.create(spec(DiskSpec.CloneMode.LINKED, SIZE), disk, ProgressSink.NONE);
        holdsTheForgedBytes(disk, SIZE);
    }

    /** What would happen if it were probed, so that the tests above are known to look at the right thing. */
    @Test
    void probingWouldHaveReadTheSecret() throws IOException {
        Path probed = directory.resolve("probed");
        Path raw = new StoreLayout(directory).image(image);
        tool("qemu-img", "convert", "-O", "raw", raw.toString(), probed.toString());
        assertThat(Files.readAllBytes(probed)).contains(SECRET).doesNotContain((byte) 'Q');
    }
}
