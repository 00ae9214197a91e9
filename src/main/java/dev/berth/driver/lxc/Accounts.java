package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.ffi.Rooted;
import dev.berth.kernel.BerthException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The users and groups of a container, from its own {@code /etc/passwd} and {@code /etc/group}; never through the node's
 * name service, and never by a path that could lead out of it.
 */
final class Accounts {
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_GROUPS = 256;
    private static final int MOST_ID = IdRanges.SIZE - 2;

    private final Function<String, String> reader;

    private Accounts(Function<String, String> reader) {
        this.reader = reader;
    }

    /** As the image has them: the topmost layer that has the file counts. */
    static Accounts inLayers(List<Path> topmostFirst) {
        return new Accounts(file -> topmostFirst.stream()
                .flatMap(layer -> Rooted.find(layer, file).stream())
                .findFirst()
                .map(Accounts::text)
                .orElse(""));
    }

    /** As a running container has them now. */
    static Accounts inside(long init) {
        Path root = Path.of("/proc/" + init + "/root");
        return new Accounts(file -> Rooted.find(root, file).map(Accounts::text).orElse(""));
    }

    static Accounts of(String passwd, String group) {
        return new Accounts(file -> file.equals("/etc/passwd") ? passwd : group);
    }

    private static String text(Rooted file) {
        try (file) {
            return file.isRegularFile() ? new String(file.read(MOST_BYTES), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw NodeFailures.files("Reading the accounts of the image", e);
        }
    }

    /**
     * Who a process runs as.
     *
     * @param groups supplementary
     */
    record Account(int uid, int gid, List<Integer> groups, String home) {
        static final Account ROOT = new Account(0, 0, List.of(), "/root");

        Account {
            groups = List.copyOf(groups);
        }

        void into(Plan plan) {
            plan.add("user", uid, gid);
            groups.forEach(group -> plan.add("group", group));
        }
    }

    /** Looks up {@code user[:group]}, by name or number; root for null. */
    Account find(@Nullable String asked) {
        String text = asked == null || asked.isEmpty() ? "0" : Plan.line("user", asked);
        String[] parts = text.split(":", 2);
        Optional<String[]> entry = entries("/etc/passwd", 7)
                .filter(fields -> fields[0].equals(parts[0]) || fields[2].equals(parts[0]))
                .findFirst();
        int uid = entry.flatMap(fields -> id(fields[2]))
                .or(() -> id(parts[0]))
                .orElseThrow(() -> unknown("user", parts[0]));
        int gid = parts.length == 2
                ? group(parts[1])
                : entry.flatMap(fields -> id(fields[3])).orElse(0);
        List<Integer> groups = parts.length == 2
                ? List.of()
                : entry.map(fields -> memberships(fields[0], gid)).orElse(List.of());
        String home = entry.map(fields -> fields[5])
                .filter(path -> path.startsWith("/"))
                .orElse(uid == 0 ? "/root" : "/");
        return new Account(uid, gid, groups, home);
    }

    private int group(String asked) {
        return entries("/etc/group", 4)
                .filter(fields -> fields[0].equals(asked))
                .findFirst()
                .flatMap(fields -> id(fields[2]))
                .or(() -> id(asked))
                .orElseThrow(() -> unknown("group", asked));
    }

    private List<Integer> memberships(String user, int primary) {
        return entries("/etc/group", 4)
                .filter(fields -> List.of(fields[3].split(",")).contains(user))
                .flatMap(fields -> id(fields[2]).stream())
                .filter(gid -> gid != primary)
                .distinct()
                .limit(MOST_GROUPS)
                .toList();
    }

    private Stream<String[]> entries(String file, int fields) {
        return reader.apply(file).lines().map(line -> line.split(":", -1)).filter(parts -> parts.length >= fields);
    }

    private static Optional<Integer> id(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) <= MOST_ID
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }

    private static BerthException unknown(String what, String name) {
        return BerthException.invalid(
                "/spec/process/user", "The image has no " + what + " '" + name + "'; name another one, or a number.");
    }
}
