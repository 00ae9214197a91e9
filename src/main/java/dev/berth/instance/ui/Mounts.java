package dev.berth.instance.ui;

import dev.berth.instance.NewContainer.NewMount;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is mounted in a container, as lines of text. */
final class Mounts {
    private static final Pattern MOUNT = Pattern.compile("([^:]+):(/[^:]*)(:ro|:rw)?");
    private static final Pattern TMPFS = Pattern.compile("(/[^:]*):([0-9]{1,6})");

    private Mounts() {}

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

    /** Lines of {@code /run:64}: file systems in memory, with their sizes in MiB. */
    static List<NewMount> tmpfs(String text) {
        return lines(text)
                .map(line -> {
                    Matcher matcher = TMPFS.matcher(line);
                    if (!matcher.matches()) {
                        throw BerthException.invalid(
                                "/mounts", "'" + line + "' is no file system in memory; write /run:64 for 64 MiB.");
                    }
                    DataSize size = DataSize.ofMebibytes(Integer.parseInt(matcher.group(2)));
                    return new NewMount(null, null, size, matcher.group(1), null);
                })
                .toList();
    }

    static java.util.stream.Stream<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty());
    }
}
