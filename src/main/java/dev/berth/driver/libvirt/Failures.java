package dev.berth.driver.libvirt;

import dev.berth.ffi.VirtException;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/** The translation of what libvirt and the file system report into Berth's codes. */
final class Failures {
    private static final int MESSAGE_LIMIT = 600;

    private Failures() {}

    static BerthException translate(VirtException e) {
        ErrorCode code =
                switch (e.code()) {
                    case VirtException.NO_DOMAIN, VirtException.NO_NETWORK -> ErrorCode.NOT_FOUND;
                    case VirtException.OPERATION_INVALID -> ErrorCode.WRONG_STATE;
                    case VirtException.OPERATION_TIMEOUT -> ErrorCode.DEADLINE_EXCEEDED;
                    case VirtException.NO_SUPPORT,
                            VirtException.CONFIG_UNSUPPORTED,
                            VirtException.ARGUMENT_UNSUPPORTED,
                            VirtException.OPERATION_UNSUPPORTED -> ErrorCode.UNSUPPORTED;
                    default -> outOfSpace(e.message()) ? ErrorCode.OUT_OF_SPACE : ErrorCode.DRIVER_FAILED;
                };
        return BerthException.of(code, "libvirt refused: " + shorten(e.message()), e)
                .with("libvirtCode", e.code());
    }

    static BerthException files(String doing, IOException e) {
        String message = e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(e.getMessage());
        return outOfSpace(message)
                ? BerthException.of(ErrorCode.OUT_OF_SPACE, "The node's disk is full; free space and try again.", e)
                : BerthException.of(ErrorCode.DRIVER_FAILED, doing + " failed: " + shorten(message), e);
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
