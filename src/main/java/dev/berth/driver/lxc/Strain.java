package dev.berth.driver.lxc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The limits that a running container has come up against, in words for people: whoever looks at it sees why its programs fail
 * although it runs.
 */
final class Strain {
    private Strain() {}

    /** The limits in words, or null if it has come up against none. */
    static @Nullable String of(Optional<Cgroup> group, long init) {
        List<String> reasons = new ArrayList<>();
        group.ifPresent(found -> {
            processes(found, reasons);
            memory(found, reasons);
        });
        if (LayerSpace.isFull(init)) {
            reasons.add("its disk is full");
        }
        return reasons.isEmpty() ? null : String.join("; ", reasons);
    }

    private static void processes(Cgroup group, List<String> reasons) {
        long refused = group.number("pids", "pids.events", "max");
        if (refused > 0) {
            reasons.add("it came up against its limit of " + group.number("pids", "pids.max") + " processes (" + refused
                    + " times)");
        }
    }

    private static void memory(Cgroup group, List<String> reasons) {
        String file = group.isVersion1("memory") ? "memory.oom_control" : "memory.events";
        long killed = group.number("memory", file, "oom_kill");
        if (killed > 0) {
            reasons.add("its memory ran out, and processes were killed for it (" + killed + ")");
        }
    }
}
