package dev.berth.driver.lxc;

import dev.berth.ffi.LxcContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a node needs to run containers. */
final class Requirements {
    private static final List<String> FILES =
            List.of("berth-launch", "berth-init", "app.allow", "system.allow", "nesting.allow");

    private Requirements() {}

    /** The first thing that is missing, and what to do about it. */
    static Optional<String> problem(LxcSettings settings) {
        for (String program : FILES) {
            Path file = settings.programs().resolve(program);
            if (!Files.exists(file)) {
                return Optional.of(file + " is missing; build it with 'make -C native' and name its directory with"
                        + " --native.");
            }
        }
        return LxcContainer.problem()
                .map(problem -> problem + "; install it with 'apt-get install liblxc1' and restart the agent.")
                .or(Requirements::kernel);
    }

    private static Optional<String> kernel() {
        String fileSystems = Trees.text(Path.of("/proc/filesystems"));
        if (!fileSystems.contains("\toverlay\n")) {
            return Optional.of("The kernel has no overlay file system; load it with 'modprobe overlay'.");
        }
        return Files.exists(Path.of("/proc/self/ns/user"))
                ? Optional.empty()
                : Optional.of("The kernel has no user namespaces; boot one that has.");
    }
}
