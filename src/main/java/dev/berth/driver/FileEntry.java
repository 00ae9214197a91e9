package dev.berth.driver;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file inside an instance.
 *
 * @param path absolute, inside
 * @param mode permission bits
 * @param uid inside
 * @param target of a symbolic link, as it is written there
 */
public record FileEntry(
        String path,
        Type type,
        int mode,
        int uid,
        int gid,
        long size,
        Instant modifiedAt,
        @Nullable String target) {
    /** What it is. */
    public enum Type {
        FILE,
        DIRECTORY,
        LINK,
        OTHER
    }
}
