package dev.berth.driver.lxc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The control groups of one container, by controller, in cgroup version 1, 2 and both at once; found through its process 1.
 *
 * @param directories by controller; the empty name is version 2
 */
record Cgroup(Map<String, Path> directories) {
    static final String UNIFIED = "";

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    /** Whether this node has cgroup version 2 only. */
    static boolean unifiedOnly() {
        return Files.exists(ROOT.resolve("cgroup.controllers"));
    }

    static Optional<Cgroup> of(UUID id, long init) {
        Map<String, Path> directories = parse(id, Trees.text(Path.of("/proc/" + init + "/cgroup")), ROOT);
        return directories.isEmpty() ? Optional.empty() : Optional.of(new Cgroup(directories));
    }

    /** Parses {@code /proc/PID/cgroup}; processes that moved deeper inside still are in the container's group. */
    static Map<String, Path> parse(UUID id, String text, Path root) {
        Map<String, Path> directories = new HashMap<>();
        for (String line : text.lines().toList()) {
            String[] fields = line.split(":", 3);
            int end = fields.length == 3 ? fields[2].indexOf(id.toString()) : -1;
            if (end < 0) {
                continue;
            }
            String path = fields[2].substring(1, end + id.toString().length());
            if (fields[1].isEmpty()) {
                Path unified = root.resolve("unified");
                directories.put(UNIFIED, (Files.isDirectory(unified) ? unified : root).resolve(path));
            } else {
                Path hierarchy = root.resolve(fields[1].replaceFirst("^name=", ""));
                Arrays.stream(fields[1].split(",")).forEach(name -> directories.put(name, hierarchy.resolve(path)));
            }
        }
        return directories;
    }

    /** Where a controller's files are: its own hierarchy, or the unified one. */
    Optional<Path> of(String controller) {
        return Optional.ofNullable(directories.getOrDefault(controller, directories.get(UNIFIED)));
    }

    boolean isVersion1(String controller) {
        return directories.containsKey(controller);
    }

    String read(String controller, String file) {
        return of(controller)
                .map(directory -> Trees.text(directory.resolve(file)))
                .orElse("");
    }

    /** A file that holds one number; zero where it is missing. */
    long number(String controller, String file) {
        return only(read(controller, file)).orElse(0L);
    }

    /** A number of a file of names and numbers; zero where it is missing. */
    long number(String controller, String file, String name) {
        return named(read(controller, file), name).orElse(0L);
    }

    /** A text that is one number; empty for any other. */
    static Optional<Long> only(String text) {
        return Optional.of(text.strip())
                .filter(digits -> digits.matches("\\d{1,18}"))
                .map(Long::parseLong);
    }

    /** A number of lines of names and numbers; empty where there is none of this name. */
    static Optional<Long> named(String lines, String name) {
        return lines.lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .flatMap(line -> only(line.substring(name.length() + 1)));
    }

    boolean isFrozen() {
        return read("freezer", "freezer.state").startsWith("F")
                || Trees.text(directories.getOrDefault(UNIFIED, ROOT).resolve("cgroup.events"))
                        .contains("frozen 1");
    }

    /** The host's numbers of all processes, those in groups below included. */
    Set<Long> processes() {
        Path top =
                of("pids").or(() -> directories.values().stream().findFirst()).orElseThrow();
        Set<Long> pids = new LinkedHashSet<>();
        try (var found = Files.find(top, 16, (path, attributes) -> attributes.isDirectory())) {
            found.forEach(directory -> Trees.text(directory.resolve("cgroup.procs"))
                    .lines()
                    .map(Long::parseLong)
                    .forEach(pids::add));
        } catch (IOException | java.io.UncheckedIOException e) {
            System.getLogger(Cgroup.class.getName()).log(System.Logger.Level.DEBUG, "a group has just gone", e);
        }
        return pids;
    }
}
