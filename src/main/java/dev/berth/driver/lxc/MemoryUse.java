package dev.berth.driver.lxc;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The memory that a container uses, read from the files of its control group.
 *
 * @param resident without the pages of files that could be dropped at once
 * @param swap what was moved out of memory; null where the kernel does not count it
 */
record MemoryUse(long resident, @Nullable Long swap) {
    static MemoryUse of(Cgroup cgroup) {
        boolean old = cgroup.isVersion1("memory");
        long used = cgroup.number("memory", old ? "memory.usage_in_bytes" : "memory.current");
        String stat = cgroup.read("memory", "memory.stat");
        long droppable = Cgroup.named(stat, old ? "total_inactive_file" : "inactive_file")
                .orElse(0L);
        // Version 1 tells it beside the rest: memory.memsw.usage_in_bytes less the above would be one more file to
        // read, and
        // what is allocated between the two reads would look like swap.
        Optional<Long> swap =
                old ? Cgroup.named(stat, "total_swap") : Cgroup.only(cgroup.read("memory", "memory.swap.current"));
        return new MemoryUse(Math.max(0, used - droppable), swap.orElse(null));
    }
}
