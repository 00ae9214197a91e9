package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.kernel.BerthException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The limits of a container by the names that a plan has for them. */
final class LimitWords {
    static final String CPU_WEIGHT = "cpu.weight";
    static final String CPU_QUOTA = "cpu.quota-us";
    static final String MEMORY = "memory";
    static final String SWAP = "swap";
    static final String PIDS = "pids";
    static final String IO_WEIGHT = "io.weight";

    /** The period that {@link #CPU_QUOTA} counts in. */
    static final long PERIOD_MICROS = 100_000;

    private static final int MILLIS = 1000;
    private static final int LEAST_CPU_MILLIS = 10;
    private static final int MOST_WEIGHT = 10_000;
    private static final long LEAST_MEMORY = 4L << 20;
    private static final int LEAST_PIDS = 4;

    private LimitWords() {}

    static Map<String, Long> of(InstanceDefinition definition) {
        ContainerSpec.Limits limits = Containers.spec(definition).limits();
        Integer asked = limits.cpuMillis();
        long cpuMillis = asked == null ? (long) definition.cpus().value() * MILLIS : asked;
        Map<String, Long> words = new LinkedHashMap<>();
        words.put(CPU_WEIGHT, between("cpuWeight", limits.cpuWeight(), 1, MOST_WEIGHT));
        words.put(
                CPU_QUOTA,
                between("cpuMillis", cpuMillis, LEAST_CPU_MILLIS, Integer.MAX_VALUE) * PERIOD_MICROS / MILLIS);
        words.put(MEMORY, between("memory", definition.memory().bytes(), LEAST_MEMORY, Long.MAX_VALUE));
        words.put(SWAP, between("swap", limits.swap(), 0, Long.MAX_VALUE / 2));
        words.put(PIDS, between("pids", limits.pids(), LEAST_PIDS, Integer.MAX_VALUE));
        words.put(IO_WEIGHT, between("ioWeight", limits.ioWeight(), 1, MOST_WEIGHT));
        return words;
    }

    private static long between(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw BerthException.invalid(
                    "/spec/limits/" + what, "'" + what + "' is from " + least + " to " + most + ", not " + value + ".");
        }
        return value;
    }

    static String ulimit(String name) {
        String word = name.toLowerCase(Locale.ROOT);
        if (!ContainerSpec.Ulimit.NAMES.contains(word)) {
            throw BerthException.invalid(
                    "/spec/limits/ulimits", "There is no resource limit '" + Plan.line("ulimit", name) + "'.");
        }
        return word;
    }
}
