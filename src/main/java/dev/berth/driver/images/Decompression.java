package dev.berth.driver.images;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** Recognises gzip, xz and zstd by their magic numbers, and unpacks with limits on window and dictionary. */
final class Decompression {
    private static final int MOST_XZ_MEMORY_KIB = 256 * 1024;
    private static final int MOST_ZSTD_WINDOW_LOG = 27;

    private Decompression() {}

    /** A stream of the content; of the file itself if it is not compressed. */
    static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        in.mark(8);
        byte[] magic = in.readNBytes(6);
        in.reset();
        try {
            if (starts(magic, 0x1f, 0x8b)) {
                return new GZIPInputStream(in, 1 << 16);
            }
            if (starts(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
                return new XZInputStream(in, MOST_XZ_MEMORY_KIB);
            }
            if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
                return new ZstdInputStream(in).setLongMax(MOST_ZSTD_WINDOW_LOG);
            }
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static boolean starts(byte[] bytes, int... magic) {
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
}
