package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.UUID;

/** The translation of what programs and the file system report into Berth's codes. */
final class Failures {
    private static final int MESSAGE_LIMIT = 600;

    private Failures() {}

    static BerthException files(String doing, IOException e) {
        String message = e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(e.getMessage());
        return outOfSpace(message)
                ? BerthException.of(ErrorCode.OUT_OF_SPACE, "The node's disk is full; free space and try again.", e)
                : BerthException.of(ErrorCode.DRIVER_FAILED, doing + " failed: " + shorten(message), e);
    }

    static BerthException interrupted(String doing, InterruptedException e) {
        Thread.currentThread().interrupt();
        return BerthException.of(ErrorCode.CANCELLED, doing + " was interrupted.", e);
    }

    static BerthException notFound(UUID id) {
        return BerthException.notFound("instance", id);
    }

    static boolean outOfSpace(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("no space left") || lower.contains("disk quota exceeded");
    }

    static String shorten(String message) {
        String line = message.strip();
        return line.length() <= MESSAGE_LIMIT ? line : line.substring(0, MESSAGE_LIMIT) + "…";
    }
}
