package dev.berth.rest;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Files that somebody could upload as an image and that must not be taken. Made here byte by byte, so nothing is hidden. */
final class HostileImages {
    private static final int CLUSTER = 65_536;
    private static final String VICTIM = "/etc/passwd";

    private HostileImages() {}

    /** All, by what they are; each is refused as {@code image-refused} unless it says {@code too-large}. */
    static Map<String, byte[]> refused() {
        Map<String, byte[]> images = new LinkedHashMap<>();
        images.put("qcow2 with a backing file", backed());
        images.put("qcow2 of version 2 with a backing file", version2(backed()));
        images.put("qcow2 with a data file", changed(72, 1 << 2));
        images.put("qcow2 that names a data file", named());
        images.put("qcow2 with an unknown feature", changed(72, 1L << 40));
        images.put("qcow2 that is corrupt", changed(72, 1 << 1));
        images.put("qcow2 of version 9", version(9));
        images.put("qcow2 of no size", changed(24, 0));
        images.put("qcow2 of eight exabytes", changed(24, Long.MAX_VALUE));
        images.put("qcow2 with tables beyond its end", changed(40, 1L << 50));
        images.put("qcow2 that is encrypted", integer(32, 2));
        images.put("qcow2 with clusters of nonsense", integer(20, 63));
        images.put("qcow2 cut off in its header", Arrays.copyOf(qcow2(), 60));
        images.put("qcow2 cut off behind its header", Arrays.copyOf(qcow2(), 512));
        images.put("qcow2 that is an ISO too", polyglot());
        images.put(
                "VMDK descriptor with extents",
                text("# Disk DescriptorFile\nversion=1\ncreateType=\"monolithicFlat\"\n" + "RW 4192256 FLAT \"" + VICTIM
                        + "\" 0\n"));
        images.put("sparse VMDK", text("KDMV"));
        images.put("VHDX", text("vhdxfile"));
        images.put("VHD", text("conectix"));
        images.put("LUKS", text("LUKS\u00ba\u00be"));
        images.put("ten bytes", new byte[10]);
        images.put("gzip that ends early", Arrays.copyOf(gzip(noise(CLUSTER)), 2000));
        images.put("gzip that is corrupt", scratched(gzip(noise(CLUSTER))));
        images.put("xz that is corrupt", scratched(xz(noise(CLUSTER))));
        images.put("zstd that is corrupt", scratched(zstd(noise(CLUSTER))));
        images.put("gzip around a qcow2 with a backing file", gzip(backed()));
        return images;
    }

    /** Contents that a tool would follow if it guessed the format; told that they are raw, they are bytes like others. */
    static Map<String, byte[]> harmlessAsRaw() {
        Map<String, byte[]> images = new LinkedHashMap<>();
        images.put(
                "VMDK descriptor behind a line break",
                text("\n# Disk DescriptorFile\nversion=1\nRW 1 FLAT \"" + VICTIM + "\" 0\n"));
        images.put("a JSON reference", text("json:{\"driver\":\"raw\",\"file\":{\"filename\":\"" + VICTIM + "\"}}"));
        return images;
    }

    /** Small files that become larger than any image may be. */
    static Map<String, byte[]> bombs(int bytes) {
        byte[] zeros = new byte[bytes];
        Map<String, byte[]> bombs = new LinkedHashMap<>();
        bombs.put("gzip bomb", gzip(zeros));
        bombs.put("zstd bomb", zstd(zeros));
        bombs.put("xz bomb", xz(zeros));
        return bombs;
    }

    /** An empty disk of 1 MiB, as qemu-img makes it: header, refcount table and block, L1 table. */
    static byte[] qcow2() {
        ByteBuffer image = ByteBuffer.allocate(4 * CLUSTER);
        image.putInt(0, 0x514649fb).putInt(4, 3).putInt(20, 16).putLong(24, 1 << 20);
        image.putInt(36, 1).putLong(40, 3 * CLUSTER).putLong(48, CLUSTER).putInt(56, 1);
        image.putInt(96, 4).putInt(100, 104);
        image.putLong(CLUSTER, 2L * CLUSTER);
        for (int cluster = 0; cluster < 4; cluster++) {
            image.putShort(2 * CLUSTER + 2 * cluster, (short) 1);
        }
        return image.array();
    }

    private static byte[] backed() {
        byte[] name = VICTIM.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer image = ByteBuffer.wrap(qcow2());
        image.putLong(8, 1024).putInt(16, name.length);
        image.put(1024, name);
        return image.array();
    }

    private static byte[] named() {
        byte[] name = VICTIM.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer image = ByteBuffer.wrap(qcow2());
        image.putInt(104, 0x44415441).putInt(108, name.length).put(112, name);
        return image.array();
    }

    private static byte[] version2(byte[] content) {
        ByteBuffer.wrap(content).putInt(4, 2);
        return content;
    }

    private static byte[] version(int version) {
        return integer(4, version);
    }

    private static byte[] integer(int at, int value) {
        ByteBuffer image = ByteBuffer.wrap(qcow2());
        image.putInt(at, value);
        return image.array();
    }

    private static byte[] changed(int at, long value) {
        ByteBuffer image = ByteBuffer.wrap(qcow2());
        image.putLong(at, value);
        return image.array();
    }

    private static byte[] polyglot() {
        ByteBuffer image = ByteBuffer.wrap(qcow2());
        image.put(0x8001, "CD001".getBytes(StandardCharsets.US_ASCII));
        return image.array();
    }

    private static byte[] text(String text) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.ISO_8859_1), CLUSTER);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(7).nextBytes(noise);
        return noise;
    }

    private static byte[] scratched(byte[] content) {
        for (int i = content.length / 2; i < content.length / 2 + 64; i++) {
            content[i] ^= 0x55;
        }
        return content;
    }

    private interface Packing {
        OutputStream into(OutputStream out) throws IOException;
    }

    static byte[] gzip(byte[] content) {
        return packed(content, GZIPOutputStream::new);
    }

    static byte[] zstd(byte[] content) {
        return packed(content, out -> new ZstdOutputStream(out).setChecksum(true));
    }

    static byte[] xz(byte[] content) {
        return packed(content, out -> new XZOutputStream(out, new LZMA2Options(1)));
    }

    private static byte[] packed(byte[] content, Packing packing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = packing.into(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
