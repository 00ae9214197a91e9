package dev.berth.kernel;

import java.util.Locale;

/** An amount of bytes, from 0 to 2^53 − 1 (so that JSON readers keep every digit). */
public record DataSize(long bytes) implements Comparable<DataSize> {
    public static final DataSize ZERO = new DataSize(0);
    private static final long MAX = (1L << 53) - 1;

    public DataSize {
        if (bytes < 0 || bytes > MAX) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "A size is a number of bytes from 0 to " + MAX + ", not " + bytes + ".");
        }
    }

    public static DataSize ofKibibytes(long kib) {
        return new DataSize(Math.multiplyExact(kib, 1024L));
    }

    public static DataSize ofMebibytes(long mib) {
        return new DataSize(Math.multiplyExact(mib, 1024L * 1024));
    }

    public static DataSize ofGibibytes(long gib) {
        return new DataSize(Math.multiplyExact(gib, 1024L * 1024 * 1024));
    }

    public long toKibibytes() {
        return bytes / 1024;
    }

    /** For people, in binary units with one decimal: {@code 1.5 GiB}. */
    public String display() {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f %s", value, units[unit])
                : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }
}
