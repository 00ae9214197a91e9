package dev.berth.driver;

import org.jspecify.annotations.Nullable;

/**
 * How far work is.
 *
 * @param stage what is being done, for people: {@code downloading}
 * @param percent 0 to 100, or null when it cannot be told
 * @param bytes bytes done, or null where bytes mean nothing
 * @param totalBytes bytes to do, or null when unknown
 */
public record Progress(
        String stage,
        @Nullable Integer percent,
        @Nullable Long bytes,
        @Nullable Long totalBytes) {
    public static Progress stage(String stage) {
        return new Progress(stage, null, null, null);
    }

    /** Progress in bytes; a total of zero or less means unknown. */
    public static Progress bytes(String stage, long done, long total) {
        return total <= 0
                ? new Progress(stage, null, done, null)
                : new Progress(stage, (int) Math.min(100, done * 100 / total), done, total);
    }
}
