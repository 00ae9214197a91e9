package dev.berth.agent;

import dev.berth.kernel.DataSize;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the texts of {@code /proc} (proc(5)); apart from fetching them, so that it is tested on text. */
final class ProcText {
    private static final Pattern CPU = Pattern.compile("(?m)^cpu +(.*)$");
    private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*: (.*)$");

    private ProcText() {}

    /** Clock ticks of all CPUs since boot. */
    record CpuTime(long total, long idle) {
        /** Share of the time since an earlier reading that was not idle, 0 to 1. */
        double busySince(CpuTime earlier) {
            long span = total - earlier.total;
            return span <= 0 ? 0 : Math.clamp(1 - (double) (idle - earlier.idle) / span, 0, 1);
        }
    }

    /** Memory of the host; used is what cannot be had without swapping. */
    record Memory(DataSize total, DataSize used) {}

    /** From {@code /proc/stat}: user nice system idle iowait irq softirq steal. */
    static CpuTime cpuTime(String stat) {
        Matcher line = CPU.matcher(stat);
        if (!line.find()) {
            return new CpuTime(0, 0);
        }
        long[] ticks = Arrays.stream(line.group(1).trim().split(" +"))
                .limit(8)
                .mapToLong(Long::parseLong)
                .toArray();
        return new CpuTime(Arrays.stream(ticks).sum(), ticks[3] + ticks[4]);
    }

    /** From {@code /proc/meminfo}. */
    static Memory memory(String meminfo) {
        long total = kibibytes(meminfo, "MemTotal");
        long available = kibibytes(meminfo, "MemAvailable");
        return new Memory(DataSize.ofKibibytes(total), DataSize.ofKibibytes(Math.max(0, total - available)));
    }

    private static long kibibytes(String meminfo, String key) {
        Matcher line = Pattern.compile("(?m)^" + key + ":\\s+(\\d+) kB").matcher(meminfo);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    static String cpuModel(String cpuinfo) {
        Matcher line = MODEL.matcher(cpuinfo);
        return line.find() ? line.group(1).trim() : "unknown";
    }
}
