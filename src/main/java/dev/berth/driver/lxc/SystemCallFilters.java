package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The compiled filters of system calls: for app containers, for system containers, and for those that may run containers.
 * Compiling takes 12 ms, so it is done once for each list, and kept in the store under the list's checksum.
 */
final class SystemCallFilters {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final LxcSettings settings;
    private final Path directory;
    private final Map<String, Path> known = new HashMap<>();

    SystemCallFilters(LxcSettings settings) {
        this.settings = settings;
        this.directory = settings.layout().containers().resolve(".filters");
    }

    /** The filter for a container. */
    synchronized Path of(ContainerSpec spec) {
        return known.compute(list(spec), (name, path) -> path != null && Files.exists(path) ? path : compiled(name));
    }

    private static String list(ContainerSpec spec) {
        if (spec.security().nesting()) {
            return "nesting";
        }
        return spec.mode() == ContainerSpec.Mode.SYSTEM ? "system" : "app";
    }

    private Path compiled(String name) {
        Path list = settings.programs().resolve(name + ".allow");
        try {
            CRC32 checksum = new CRC32();
            checksum.update(Files.readAllBytes(list));
            // A newer program may compile the same list to something else.
            checksum.update(
                    Files.getLastModifiedTime(settings.launch()).toString().getBytes(StandardCharsets.US_ASCII));
            Path filter = directory.resolve(name + "-" + Long.toHexString(checksum.getValue()) + ".bpf");
            if (!Files.exists(filter)) {
                Trees.create(directory);
                Path fresh = directory.resolve(name + ".part");
                Program.run(
                        LONGEST, List.of(settings.launch().toString(), "seccomp", list.toString(), fresh.toString()));
                Files.move(fresh, filter, StandardCopyOption.ATOMIC_MOVE);
            }
            return filter;
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.UNSUPPORTED, "The filter of system calls cannot be made from " + list + ".", e);
        }
    }
}
