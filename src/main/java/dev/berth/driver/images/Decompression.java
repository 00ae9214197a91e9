package dev.berth.driver.images;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.tukaani.xz.XZInputStream;

/** Recognises gzip, xz and zstd by their magic numbers, and unpacks with limits on window and dictionary. */
public enum Decompression {
    NONE,
    GZIP(0x1f, 0x8b),
    XZ(0xfd, '7', 'z', 'X', 'Z', 0),
    ZSTD(0x28, 0xb5, 0x2f, 0xfd);

    private static final int BUFFER = 1 << 16;
    private static final int MOST_XZ_MEMORY_KIB = 256 * 1024;
    private static final int MOST_ZSTD_WINDOW_LOG = 27;
    private final int[] magic;

    Decompression(int... magic) {
        this.magic = magic;
    }

    /** What a file is packed with. */
    public static Decompression of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(6);
            for (Decompression kind : values()) {
                if (kind != NONE && kind.starts(head)) {
                    return kind;
                }
            }
            return NONE;
        }
    }

    /** A stream of the content. */
    public InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            return switch (this) {
                case NONE -> in;
                case GZIP -> new StrictGzip(in);
                case XZ -> new XZInputStream(in, MOST_XZ_MEMORY_KIB);
                case ZSTD -> new ZstdInputStream(in).setLongMax(MOST_ZSTD_WINDOW_LOG);
            };
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private boolean starts(byte[] bytes) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Java's own takes whatever follows the last member for the end of the file; this one refuses it. */
    private static final class StrictGzip extends GZIPInputStream {
        private static final int TRAILER = 8;

        StrictGzip(InputStream in) throws IOException {
            super(in, BUFFER);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count < 0 && (inf.getRemaining() > TRAILER || in.read() >= 0)) {
                throw new ZipException("garbage after the end of the compressed data");
            }
            return count;
        }
    }
}
