package dev.berth.driver.images;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;

/** File-system failures as answers. */
public final class Failures {
    private Failures() {}

    public static BerthException translate(IOException e) {
        String text = String.valueOf(e.getMessage());
        if (NodeFailures.outOfSpace(text)) {
            return FreeSpace.exhausted();
        }
        if (e instanceof java.util.zip.ZipException
                || e instanceof java.io.EOFException
                || e instanceof org.tukaani.xz.XZIOException
                || e instanceof com.github.luben.zstd.ZstdIOException) {
            return BerthException.of(ErrorCode.IMAGE_REFUSED, "The image was refused. Its compression is damaged.", e);
        }
        return BerthException.of(ErrorCode.DRIVER_FAILED, "The node's image store failed: " + text, e);
    }
}
