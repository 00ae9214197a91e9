package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import java.util.Arrays;
import java.util.List;

/** The rules of paths inside a container. */
final class Paths {
    private static final int MOST_CHARACTERS = 4095;
    /** The kernel's own trees; a mount over them would undo what locks a container in. */
    private static final List<String> KERNEL = List.of("/proc", "/sys", "/dev");

    private Paths() {}

    /** A path that begins at the root and has no way up in it. */
    static String absolute(String what, String path) {
        if (!path.startsWith("/")
                || path.length() > MOST_CHARACTERS
                || Arrays.asList(path.split("/")).contains("..")) {
            throw BerthException.invalid(
                    "/spec/" + what, "'" + what + "' is an absolute path without '..' inside the container.");
        }
        return Plan.line(what, path);
    }

    /** A place where something may be mounted. */
    static String target(String what, String path) {
        String clean = absolute(what, path).replaceAll("/+(\\./+)*", "/").replaceAll("/\\.?$", "");
        boolean kernel = KERNEL.stream().anyMatch(tree -> clean.equals(tree) || clean.startsWith(tree + "/"));
        if (clean.isEmpty() || (kernel && !clean.equals("/dev/shm"))) {
            throw BerthException.invalid(
                    "/spec/" + what, "Nothing can be mounted on '" + path + "'; choose another target.");
        }
        return clean;
    }
}
