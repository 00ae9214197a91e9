package dev.berth.instance.ui;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.instance.NewContainer.NewMount;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is mounted in a container, as lines of text. */
final class Mounts {
    private static final Pattern MOUNT = Pattern.compile("([^:]+):(/[^:]*)(:ro|:rw)?");
    private static final Pattern TMPFS = Pattern.compile("(/[^:]*):([0-9]{1,9})(k?)");
    private static final int KIBIBYTE = 1 << 10;
    private static final int MEBIBYTE = 1 << 20;

    /** Where {@link #tmpfs} says that it found a mistake; in a request they stand among the other mounts. */
    static final String TMPFS_POINTER = "/tmpfs";

    private Mounts() {}

    /** The lines that {@link #volumes} reads as these mounts. */
    static String text(List<MountSpec> mounts, Function<UUID, String> nameOf) {
        return mounts.stream()
                .map(mount -> (mount.volume() == null ? mount.hostPath() : nameOf.apply(mount.volume())) + ":"
                        + mount.target() + (mount.readOnly() ? ":ro" : ""))
                .collect(Collectors.joining("\n"));
    }

    /** The lines that {@link #tmpfs} reads as these file systems. */
    static String tmpfsText(List<ContainerSpec.Tmpfs> all) {
        return all.stream()
                .map(one -> one.target() + ":"
                        + (one.size() % MEBIBYTE == 0
                                ? one.size() / MEBIBYTE
                                : Math.ceilDiv(one.size(), KIBIBYTE) + "k"))
                .collect(Collectors.joining("\n"));
    }

    /** Lines of {@code data:/var/lib/data}, {@code /srv/site:/www:ro}: volumes by name, directories of the node by path. */
    static List<NewMount> volumes(String text) {
        return lines(text).map(Mounts::volume).toList();
    }

    private static NewMount volume(String line) {
        Matcher matcher = MOUNT.matcher(line);
        if (!matcher.matches()) {
            throw BerthException.invalid(
                    "/mounts", "'" + line + "' is no mount; write data:/var/lib/data, or /srv/site:/www:ro.");
        }
        String source = matcher.group(1);
        boolean host = source.startsWith("/");
        Boolean readOnly = ":ro".equals(matcher.group(3)) ? true : null;
        return new NewMount(host ? null : source, host ? source : null, null, matcher.group(2), readOnly);
    }

    /** Lines of {@code /run:64} and {@code /tmp:512k}: file systems in memory, with their sizes in MiB or KiB. */
    static List<NewMount> tmpfs(String text) {
        return lines(text)
                .map(line -> {
                    Matcher matcher = TMPFS.matcher(line);
                    if (!matcher.matches()) {
                        throw BerthException.invalid(
                                TMPFS_POINTER, "'" + line + "' is no file system in memory; write /run:64 for 64 MiB.");
                    }
                    long unit = matcher.group(3).isEmpty() ? MEBIBYTE : KIBIBYTE;
                    DataSize size = new DataSize(Long.parseLong(matcher.group(2)) * unit);
                    return new NewMount(null, null, size, matcher.group(1), null);
                })
                .toList();
    }

    static Stream<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty());
    }
}
