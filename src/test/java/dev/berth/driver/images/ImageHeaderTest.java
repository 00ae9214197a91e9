package dev.berth.driver.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ImageFormat;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our own look at an image: what is taken, and a hostile file of each kind with the reason that its sender reads. */
class ImageHeaderTest {
    private static final int ISO_AT = 0x8000;
    private static final long CORRUPT = 2;
    private static final long DATA_FILE = 4;

    @TempDir
    Path directory;

    private ImageHeader read(byte[] content) throws IOException {
        return ImageHeader.read(Files.write(directory.resolve("image"), content));
    }

    private static byte[] starting(int offset, String magic) {
        byte[] bytes = new byte[64 * 1024];
        byte[] mark = magic.getBytes(ISO_8859_1);
        System.arraycopy(mark, 0, bytes, offset, mark.length);
        return bytes;
    }

    private static byte[] iso(byte[] base, int blocks) {
        ByteBuffer file = ByteBuffer.wrap(Arrays.copyOf(base, Math.max(base.length, 64 * 1024)));
        file.order(ByteOrder.LITTLE_ENDIAN).put(ISO_AT, (byte) 1).put(ISO_AT + 1, "CD001".getBytes(ISO_8859_1));
        file.putInt(ISO_AT + 80, blocks).putShort(ISO_AT + 128, (short) 2048);
        return file.array();
    }

    @Test
    void takesQcow2OfBothVersions() throws IOException {
        ImageHeader header = read(Qcow2Bytes.sound());
        assertThat(header).isEqualTo(new ImageHeader(ImageFormat.QCOW2, Qcow2Bytes.VIRTUAL));
        byte[] old = Qcow2Bytes.with(file -> file.putInt(4, 2).putInt(96, 0).putInt(100, 0));
        assertThat(read(old).format()).isEqualTo(ImageFormat.QCOW2);
    }

    @Test
    void takesKnownFeaturesAndHarmlessExtensions() throws IOException {
        byte[] zstd =
                Qcow2Bytes.with(file -> file.putLong(72, 8).putInt(100, 112).put(104, (byte) 1));
        assertThat(read(zstd).format()).isEqualTo(ImageFormat.QCOW2);
        assertThat(read(Qcow2Bytes.withExtension(0x6803f857, 384)).format()).isEqualTo(ImageFormat.QCOW2);
        byte[] dirty = Qcow2Bytes.with(file -> file.putLong(72, 1));
        assertThat(read(dirty).format()).isEqualTo(ImageFormat.QCOW2);
    }

    @Test
    void takesIsoAndRaw() throws IOException {
        assertThat(read(iso(new byte[0], 32)).format()).isEqualTo(ImageFormat.ISO);
        assertThat(read(new byte[4096])).isEqualTo(new ImageHeader(ImageFormat.RAW, 4096));
        byte[] hybrid = iso(new byte[64 * 1024], 32);
        hybrid[510] = 0x55;
        hybrid[511] = (byte) 0xaa;
        assertThat(read(hybrid).format()).as("an ISO that boots from USB too").isEqualTo(ImageFormat.ISO);
    }

    static Stream<Arguments> hostileQcow2() {
        return Stream.of(
                Arguments.of(
                        "backing file", Qcow2Bytes.with(f -> f.putLong(8, 512).putInt(16, 11)), "backing file"),
                Arguments.of("backing offset only", Qcow2Bytes.with(f -> f.putLong(8, 512)), "backing file"),
                Arguments.of("backing length only", Qcow2Bytes.with(f -> f.putInt(16, 5)), "backing file"),
                Arguments.of(
                        "backing file, version 2",
                        Qcow2Bytes.with(f -> f.putInt(4, 2).putLong(8, 512).putInt(16, 11)),
                        "backing file"),
                Arguments.of("data file", Qcow2Bytes.with(f -> f.putLong(72, DATA_FILE)), "another file"),
                Arguments.of("data file name", Qcow2Bytes.withExtension(0x44415441, 11), "external data file"),
                Arguments.of(
                        "data file name after a long extension",
                        Qcow2Bytes.with(f -> f.putInt(104, 0x6803f857)
                                .putInt(108, 8192)
                                .putInt(112 + 8192, 0x44415441)
                                .putInt(116 + 8192, 11)),
                        "external data file"),
                Arguments.of("corrupt", Qcow2Bytes.with(f -> f.putLong(72, CORRUPT)), "0x2"),
                Arguments.of("unknown feature", Qcow2Bytes.with(f -> f.putLong(72, 32)), "0x20"),
                Arguments.of("all features", Qcow2Bytes.with(f -> f.putLong(72, -1)), "another file"),
                Arguments.of("encrypted, AES", Qcow2Bytes.with(f -> f.putInt(32, 1)), "encrypted"),
                Arguments.of("encrypted, LUKS", Qcow2Bytes.with(f -> f.putInt(32, 2)), "encrypted"),
                Arguments.of("encryption header", Qcow2Bytes.withExtension(0x0537be77, 16), "encrypted"),
                Arguments.of("bitmaps", Qcow2Bytes.withExtension(0x23852875, 24), "bitmaps"),
                Arguments.of("unknown extension", Qcow2Bytes.withExtension(0x12345678, 8), "0x12345678"),
                Arguments.of("endless extension", Qcow2Bytes.withExtension(0x6803f857, 1 << 30), "damaged"),
                Arguments.of("negative extension", Qcow2Bytes.withExtension(0x6803f857, -8), "damaged"),
                Arguments.of("snapshots", Qcow2Bytes.with(f -> f.putInt(60, 1)), "snapshots"),
                Arguments.of("version 1", Qcow2Bytes.with(f -> f.putInt(4, 1)), "version 1"),
                Arguments.of("version 4", Qcow2Bytes.with(f -> f.putInt(4, 4)), "version 4"),
                Arguments.of("tiny clusters", Qcow2Bytes.with(f -> f.putInt(20, 8)), "cluster size"),
                Arguments.of("huge clusters", Qcow2Bytes.with(f -> f.putInt(20, 63)), "cluster size"),
                Arguments.of("no size", Qcow2Bytes.with(f -> f.putLong(24, 0)), "virtual size"),
                Arguments.of("negative size", Qcow2Bytes.with(f -> f.putLong(24, -1)), "virtual size"),
                Arguments.of("exabytes", Qcow2Bytes.with(f -> f.putLong(24, 1L << 60)), "virtual size"),
                Arguments.of("header length 0", Qcow2Bytes.with(f -> f.putInt(100, 0)), "header length"),
                Arguments.of("header length huge", Qcow2Bytes.with(f -> f.putInt(100, 1 << 30)), "header length"),
                Arguments.of("refcount width", Qcow2Bytes.with(f -> f.putInt(96, 7)), "impossible width"),
                Arguments.of(
                        "unknown compression",
                        Qcow2Bytes.with(f -> f.putLong(72, 8).putInt(100, 112).put(104, (byte) 7)),
                        "compressed in a way"));
    }

    static Stream<Arguments> brokenTables() {
        int cluster = Qcow2Bytes.CLUSTER;
        return Stream.of(
                Arguments.of("huge L1", Qcow2Bytes.with(f -> f.putInt(36, 1 << 28)), "L1 table"),
                Arguments.of("negative L1", Qcow2Bytes.with(f -> f.putInt(36, -1)), "L1 table"),
                Arguments.of("L1 too small for the disk", Qcow2Bytes.with(f -> f.putLong(24, 1L << 40)), "L1 table"),
                Arguments.of("huge refcount table", Qcow2Bytes.with(f -> f.putInt(56, 1 << 20)), "refcount table"),
                Arguments.of("no refcount table", Qcow2Bytes.with(f -> f.putInt(56, 0)), "refcount table"),
                Arguments.of("refcounts outside", Qcow2Bytes.with(f -> f.putLong(48, 1L << 40)), "outside"),
                Arguments.of("L1 outside", Qcow2Bytes.with(f -> f.putLong(40, 1L << 40)), "outside"),
                Arguments.of("L1 negative", Qcow2Bytes.with(f -> f.putLong(40, -65536)), "outside"),
                Arguments.of("L1 within the header", Qcow2Bytes.with(f -> f.putLong(40, 0)), "outside"),
                Arguments.of("L1 not aligned", Qcow2Bytes.with(f -> f.putLong(40, 3 * cluster + 8)), "outside"),
                Arguments.of(
                        "L2 outside", Qcow2Bytes.with(f -> f.putLong(3 * cluster, 1L << 40)), "lies beyond its end"),
                Arguments.of("L2 not aligned", Qcow2Bytes.with(f -> f.putLong(3 * cluster, L2_ODD)), "damaged"),
                Arguments.of(
                        "one L2 for all",
                        Qcow2Bytes.with(f -> f.putInt(36, 2).putLong(3 * cluster + 8, Qcow2Bytes.L2_AT)),
                        "damaged"),
                Arguments.of(
                        "data outside", Qcow2Bytes.with(f -> f.putLong(Qcow2Bytes.L2_AT, 1L << 40)), "is truncated"),
                Arguments.of(
                        "compressed data outside",
                        Qcow2Bytes.with(f -> f.putLong(Qcow2Bytes.L2_AT, 1L << 62 | 1L << 40)),
                        "is truncated"),
                Arguments.of("cut in its data", Arrays.copyOf(Qcow2Bytes.sound(), 5 * cluster), "is truncated"),
                Arguments.of("cut in L2", Arrays.copyOf(Qcow2Bytes.sound(), 4 * cluster + 100), "lies beyond its end"),
                Arguments.of("cut in L1", Arrays.copyOf(Qcow2Bytes.sound(), 3 * cluster), "outside"),
                Arguments.of("header only", Arrays.copyOf(Qcow2Bytes.sound(), 512), "outside"));
    }

    private static final long L2_ODD = Qcow2Bytes.L2_AT + 512;

    static Stream<Arguments> otherFormats() {
        byte[] vhd = new byte[8192];
        System.arraycopy("conectix".getBytes(ISO_8859_1), 0, vhd, 8192 - 512, 8);
        byte[] dmg = new byte[8192];
        System.arraycopy("koly".getBytes(ISO_8859_1), 0, dmg, 8192 - 512, 4);
        return Stream.of(
                Arguments.of("VMDK, sparse", starting(0, "KDMV"), "VMDK"),
                Arguments.of("VMDK, ESX", starting(0, "COWD"), "VMDK"),
                Arguments.of(
                        "VMDK, descriptor", starting(0, "# Disk DescriptorFile\nRW 63 FLAT \"/etc/shadow\" 0"), "VMDK"),
                Arguments.of("VDI", starting(0x40, "\u007f\u0010\u00da\u00be"), "VDI"),
                Arguments.of("VHDX", starting(0, "vhdxfile"), "VHDX"),
                Arguments.of("VHD, dynamic", starting(0, "conectix"), "VHD"),
                Arguments.of("VHD, fixed", vhd, "VHD"),
                Arguments.of("QED", starting(0, "QED\0"), "QED"),
                Arguments.of("Parallels", starting(0, "WithoutFreeSpace"), "Parallels"),
                Arguments.of("Parallels, extended", starting(0, "WithouFreSpacExt"), "Parallels"),
                Arguments.of("LUKS", starting(0, "LUKS\u00ba\u00be"), "LUKS"),
                Arguments.of("LUKS, second header", starting(0, "SKUL\u00ba\u00be"), "LUKS"),
                Arguments.of("DMG", dmg, "DMG"),
                Arguments.of("OVA", starting(257, "ustar"), "tar archive"),
                Arguments.of("zip", starting(0, "PK\u0003\u0004"), "zip"),
                Arguments.of("bzip2", starting(0, "BZh9"), "bzip2"),
                Arguments.of("gzip within", starting(0, "\u001f\u008b"), "twice"),
                Arguments.of("a login page", starting(0, "<!DOCTYPE html>"), "web page"),
                Arguments.of("short login page", "<html>log in first</html>".getBytes(ISO_8859_1), "web page"),
                Arguments.of("ISO and qcow2", iso(Qcow2Bytes.sound(), 32), "deceive"),
                Arguments.of("VDI and qcow2", Qcow2Bytes.with(f -> f.putInt(0x40, 0x7f10dabe)), "VDI"),
                Arguments.of(
                        "qcow2 and VHD", Arrays.copyOf(vhdAfter(Qcow2Bytes.sound()), 7 * Qcow2Bytes.CLUSTER), "VHD"),
                Arguments.of("truncated ISO", iso(new byte[0], 33), "truncated ISO"),
                Arguments.of("huge ISO", iso(new byte[0], -1), "truncated ISO"),
                Arguments.of("empty", new byte[0], "0 bytes"),
                Arguments.of("one sector less a byte", new byte[511], "511 bytes"));
    }

    private static byte[] vhdAfter(byte[] base) {
        byte[] bytes = Arrays.copyOf(base, 7 * Qcow2Bytes.CLUSTER);
        System.arraycopy("conectix".getBytes(ISO_8859_1), 0, bytes, bytes.length - 512, 8);
        return bytes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"hostileQcow2", "brokenTables", "otherFormats"})
    void refuses(String name, byte[] content, String reason) {
        assertThatThrownBy(() -> read(content))
                .as(name)
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_REFUSED))
                .hasMessageContaining("The image was refused. ")
                .hasMessageContaining(reason);
    }
}
