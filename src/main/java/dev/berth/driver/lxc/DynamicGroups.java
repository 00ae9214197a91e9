package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How quickly processes join control groups on this host. As Linux boots, whoever moves a process waits for all of its
 * processors to pass by (an RCU grace period, some 15 ms): once for each start of a container, and for each process that
 * is executed in one. The mount option {@code favordynmods} (Linux 6.0, Documentation/admin-guide/cgroup-v2.rst) makes it
 * immediate, and forks a little dearer. It holds for all hierarchies of both versions.
 */
public final class DynamicGroups {
    private static final System.Logger LOG = System.getLogger(DynamicGroups.class.getName());
    private static final String OPTION = "favordynmods";
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private DynamicGroups() {}

    /**
     * Asks the kernel for it, if nobody has; one that cannot goes on as before.
     *
     * @param note where the mount is noted that was changed, for {@code infra/down} to change it back
     */
    public static void favour(Path note) {
        unfavoured(Trees.text(Path.of("/proc/self/mountinfo"))).ifPresent(mount -> {
            try {
                Program.run(LONGEST, List.of("mount", "-o", "remount," + OPTION, mount));
                Trees.write(note, mount.getBytes(StandardCharsets.UTF_8));
                LOG.log(System.Logger.Level.INFO, mount + " is mounted with " + OPTION + " now: quicker starts");
            } catch (BerthException e) {
                LOG.log(System.Logger.Level.INFO, "starts and exec take 15 ms more than need be: " + e.message());
            }
        });
    }

    /** The mount of cgroup version 2 if it lacks the option; {@code mountinfo} is described in proc(5). */
    static Optional<String> unfavoured(String mountinfo) {
        return mountinfo
                .lines()
                .map(line -> line.split(" - ", 2))
                .filter(halves -> halves.length == 2 && halves[1].startsWith("cgroup2 "))
                .findFirst()
                .filter(halves -> !Arrays.asList(halves[1].split("[ ,]")).contains(OPTION))
                .map(halves -> halves[0].split(" ")[4]);
    }
}
