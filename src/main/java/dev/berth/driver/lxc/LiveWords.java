package dev.berth.driver.lxc;

import java.util.ArrayList;
import java.util.List;

/**
 * Limits in the words of the kernel's control groups, version 1 or 2.
 *
 * @param name of the file
 * @param controller whose file it is
 * @param required whether it is a failure when the kernel does not have the file
 */
record LiveWords(String controller, String name, String value, boolean required) {
    private static final long SHARES_MOST = 262_144;
    private static final long WEIGHT_MOST = 10_000;
    private static final long BLKIO_LEAST = 10;
    private static final long BLKIO_MOST = 1000;

    /** A limit of a plan; empty for a swap limit, which depends on memory, see {@link #memory}. */
    static List<LiveWords> of(String limit, long value, Cgroup cgroup) {
        boolean old = cgroup.isVersion1(controller(limit));
        return switch (limit) {
            case LimitWords.CPU_WEIGHT ->
                List.of(
                        old
                                ? new LiveWords("cpu", "cpu.shares", Long.toString(shares(value)), true)
                                : new LiveWords("cpu", "cpu.weight", Long.toString(value), true));
            case LimitWords.CPU_QUOTA ->
                List.of(
                        old
                                ? new LiveWords("cpu", "cpu.cfs_quota_us", Long.toString(value), false)
                                : new LiveWords("cpu", "cpu.max", value + " " + LimitWords.PERIOD_MICROS, false));
            case LimitWords.PIDS -> List.of(new LiveWords("pids", "pids.max", Long.toString(value), true));
            case LimitWords.IO_WEIGHT -> io(value, old);
            default -> List.of();
        };
    }

    /** Memory and swap; version 1 limits the sum of both, which may never be below memory alone. */
    static List<LiveWords> memory(long memory, long swap, Cgroup cgroup) {
        if (!cgroup.isVersion1("memory")) {
            return List.of(
                    new LiveWords("memory", "memory.max", Long.toString(memory), true),
                    new LiveWords("memory", "memory.swap.max", Long.toString(swap), false));
        }
        LiveWords alone = new LiveWords("memory", "memory.limit_in_bytes", Long.toString(memory), true);
        LiveWords sum = new LiveWords("memory", "memory.memsw.limit_in_bytes", Long.toString(memory + swap), false);
        boolean grows = memory > cgroup.number("memory", "memory.limit_in_bytes");
        List<LiveWords> words = new ArrayList<>(List.of(alone, sum));
        return grows ? words.reversed() : words;
    }

    private static String controller(String limit) {
        return switch (limit) {
            case LimitWords.PIDS -> "pids";
            case LimitWords.IO_WEIGHT -> "blkio";
            default -> "cpu";
        };
    }

    private static List<LiveWords> io(long weight, boolean old) {
        if (!old) {
            return List.of(new LiveWords("io", "io.weight", "default " + weight, false));
        }
        String value = Long.toString(Math.clamp(weight * BLKIO_MOST / WEIGHT_MOST, BLKIO_LEAST, BLKIO_MOST));
        return List.of(
                new LiveWords("blkio", "blkio.bfq.weight", value, false),
                new LiveWords("blkio", "blkio.weight", value, false));
    }

    /** The scale of version 1, on which 100 of version 2 is 1024. */
    static long shares(long weight) {
        return Math.clamp(weight * 1024 / 100, 2, SHARES_MOST);
    }
}
