package dev.berth.driver;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/** What a node's file system and programs report, in Berth's codes: every driver says it alike. */
public final class NodeFailures {
    private static final int MESSAGE_LIMIT = 600;

    private NodeFailures() {}

    /** A file-system call that failed. */
    public static BerthException files(String doing, IOException e) {
        String message = e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(e.getMessage());
        return outOfSpace(message)
                ? BerthException.of(ErrorCode.OUT_OF_SPACE, "The node's disk is full; free space and try again.", e)
                : BerthException.of(ErrorCode.DRIVER_FAILED, doing + " failed: " + shorten(message), e);
    }

    /** Whether a message of the system or of a program means that there is no room left. */
    public static boolean outOfSpace(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("no space left") || lower.contains("disk quota exceeded");
    }

    /** A message as it goes on to people: without the blanks around it, and not without end. */
    public static String shorten(String message) {
        String line = message.strip();
        return line.length() <= MESSAGE_LIMIT ? line : line.substring(0, MESSAGE_LIMIT) + "…";
    }
}
