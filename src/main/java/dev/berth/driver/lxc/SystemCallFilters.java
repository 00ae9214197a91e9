package dev.berth.driver.lxc;

import dev.berth.driver.ContainerSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The compiled filters of system calls, one for app and one for system containers. Compiling takes 12 ms, so it is done once
 * for each list, and kept in the store under the list's checksum.
 */
final class SystemCallFilters {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final LxcSettings settings;
    private final Path directory;

    SystemCallFilters(LxcSettings settings) {
        this.settings = settings;
        this.directory = settings.layout().containers().resolve(".filters");
    }

    /** The filter for a container. */
    Path of(ContainerSpec spec) {
        List<String> lists =
                spec.mode() == ContainerSpec.Mode.SYSTEM || spec.security().nesting()
                        ? List.of("app.syscalls", "system.syscalls")
                        : List.of("app.syscalls");
        return compiled(lists);
    }

    private synchronized Path compiled(List<String> lists) {
        byte[] list = read(lists);
        CRC32 checksum = new CRC32();
        checksum.update(list);
        // A newer program may compile the same list to something else.
        checksum.update(Long.toString(modified(settings.launch())).getBytes(StandardCharsets.US_ASCII));
        String name = lists.getLast() + "-" + Long.toHexString(checksum.getValue());
        Path filter = directory.resolve(name + ".bpf");
        if (!Files.exists(filter)) {
            Trees.create(directory);
            Path source = directory.resolve(name);
            Path fresh = directory.resolve(name + ".fresh");
            Trees.write(source, list);
            Program.run(LONGEST, List.of(settings.launch().toString(), "seccomp", source.toString(), fresh.toString()));
            move(fresh, filter);
        }
        return filter;
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failures.files("Keeping a filter of system calls", e);
        }
    }

    private static long modified(Path program) {
        try {
            return Files.getLastModifiedTime(program).toMillis();
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.UNSUPPORTED, program + " is missing; install Berth's native programs on this node.", e);
        }
    }

    private static byte[] read(List<String> lists) {
        List<String> names = new ArrayList<>();
        for (String list : lists) {
            try (InputStream in = SystemCallFilters.class.getResourceAsStream(list)) {
                if (in == null) {
                    throw new IllegalStateException("the resource " + list + " is missing");
                }
                names.addAll(new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .toList());
            } catch (IOException e) {
                throw Failures.files("Reading " + list, e);
            }
        }
        return (String.join("\n", names) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
