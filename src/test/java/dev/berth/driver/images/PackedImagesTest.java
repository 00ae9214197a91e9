package dev.berth.driver.images;

import static dev.berth.driver.images.ImageStoreFixture.fails;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageRef;
import dev.berth.driver.ImageSource;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Images that arrive compressed: sound, damaged, and made to fill a disk or the memory. */
class PackedImagesTest {
    @TempDir
    Path directory;

    private ImageStoreFixture store;

    @BeforeEach
    void prepare() throws IOException {
        store = new ImageStoreFixture(directory);
    }

    static byte[] pack(Decompression kind, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                switch (kind) {
                    case NONE -> bytes;
                    case GZIP -> new GZIPOutputStream(bytes);
                    case XZ -> new XZOutputStream(bytes, new LZMA2Options(0));
                    case ZSTD -> new ZstdOutputStream(bytes);
                }) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void takesUploadsHoweverTheyArePacked(Decompression kind) throws Exception {
        byte[] content = Qcow2Bytes.sound();
        byte[] packed = pack(kind, content);
        UUID upload = store.upload(packed);
        StoredImage image =
                store.bring(new ImageSource.Upload(upload), ImageStoreFixture.sha256(packed), ImageStoreFixture.MOST);
        assertThat(image.format()).isEqualTo(ImageFormat.QCOW2);
        assertThat(image.sha256()).isEqualTo(ImageStoreFixture.sha256(content));
        assertThat(image.virtualSize().bytes()).isEqualTo(Qcow2Bytes.VIRTUAL);
        assertThat(store.stored(image)).isEqualTo(content);
        assertThat(store.images.images()).containsExactly(image);
        assertThat(store.images.uploadSize(upload)).isZero();
        Path file = store.layout.image(new ImageRef(image.id(), image.format()));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
        store.images.deleteImage(image.id());
        store.assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void refusesDamagedPacking(Decompression kind) throws IOException {
        byte[] content = new byte[300_000];
        new Random(2).nextBytes(content);
        byte[] packed = pack(kind, content);
        byte[] cut = Arrays.copyOf(packed, packed.length - 20);
        byte[] headOnly = Arrays.copyOf(packed, 12);
        byte[] flipped = packed.clone();
        flipped[packed.length / 2] ^= 1;
        byte[] garbage = Arrays.copyOf(packed, packed.length + 1000);
        Arrays.fill(garbage, packed.length, garbage.length, (byte) 'g');
        // A frame of zstd carries no checksum unless its maker asked for one.
        List<byte[]> all =
                kind == Decompression.ZSTD ? List.of(cut, headOnly, garbage) : List.of(cut, headOnly, flipped, garbage);
        for (byte[] damaged : all) {
            fails(ErrorCode.IMAGE_REFUSED, "compression is damaged", () -> store.bring(damaged));
            store.assertNothingIsLeft();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void takesFilesOfSeveralPackedParts(Decompression kind) throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        byte[] content = Qcow2Bytes.sound();
        both.write(pack(kind, Arrays.copyOf(content, 100_000)));
        both.write(pack(kind, Arrays.copyOfRange(content, 100_000, content.length)));
        assertThat(store.stored(store.bring(both.toByteArray()))).isEqualTo(content);
    }

    /** The whole of it is small; unpacked it is more than is allowed, or more than any disk shrinks to so little. */
    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void refusesBombs(Decompression kind) throws IOException {
        ByteArrayOutputStream zeros = new ByteArrayOutputStream();
        ByteArrayOutputStream ones = new ByteArrayOutputStream();
        byte[] part = new byte[1 << 20];
        byte[] packedZeros = pack(kind, part);
        Arrays.fill(part, (byte) 1);
        byte[] packedOnes = pack(kind, part);
        for (int i = 0; i < 257; i++) {
            zeros.write(packedZeros);
        }
        for (int i = 0; i < 250; i++) {
            ones.write(packedOnes);
        }
        fails(ErrorCode.TOO_LARGE, "larger than the allowed", () -> store.bring(zeros.toByteArray()));
        store.assertNothingIsLeft();
        fails(ErrorCode.IMAGE_REFUSED, "unpacks to far more", () -> store.bring(ones.toByteArray()));
        store.assertNothingIsLeft();
    }

    /** A frame of 512 bytes that needs a window of so many bits. */
    private static byte[] zstdFrame(int windowLog) {
        ByteBuffer frame = ByteBuffer.allocate(9 + 512).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0xfd2fb528).put((byte) 0).put((byte) (windowLog - 10 << 3));
        frame.putShort((short) (512 << 3 | 1)).put((byte) 0);
        return frame.array();
    }

    private static byte[] xzWithDictionaryOf4Gib() throws IOException {
        byte[] xz = pack(Decompression.XZ, new byte[512]);
        int header = 12;
        int crcAt = header + (xz[header] + 1) * 4 - 4;
        xz[header + 4] = 40;
        CRC32 crc = new CRC32();
        crc.update(xz, header, crcAt - header);
        ByteBuffer.wrap(xz).order(ByteOrder.LITTLE_ENDIAN).putInt(crcAt, (int) crc.getValue());
        return xz;
    }

    @Test
    void refusesWindowsThatWouldTakeAllMemory() throws IOException {
        assertThat(store.bring(zstdFrame(20)).virtualSize().bytes()).isEqualTo(512);
        fails(ErrorCode.IMAGE_REFUSED, "compression is damaged", () -> store.bring(zstdFrame(31)));
        byte[] xz = xzWithDictionaryOf4Gib();
        fails(ErrorCode.IMAGE_REFUSED, "compression is damaged", () -> store.bring(xz));
        assertThat(store.images.images()).hasSize(1);
    }

    @Test
    void keepsSparseImagesSparse() throws Exception {
        byte[] raw = new byte[64 << 20];
        raw[512] = 1;
        raw[(40 << 20) + 5] = 2;
        StoredImage image = store.bring(pack(Decompression.ZSTD, raw));
        Path file = store.layout.image(new ImageRef(image.id(), ImageFormat.RAW));
        assertThat(store.stored(image)).isEqualTo(raw);
        assertThat((long) (Integer) Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
        Process du = new ProcessBuilder("du", "-k", file.toString()).start();
        long kib = Long.parseLong(
                new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split("\t", 2)[0]);
        assertThat(kib).isLessThan(1024);
    }
}
