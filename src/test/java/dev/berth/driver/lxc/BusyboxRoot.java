package dev.berth.driver.lxc;

import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageRef;
import dev.berth.kernel.BerthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The distribution's static busybox as an image of one layer, with the ids of a layer store; made once for all tests. */
public final class BusyboxRoot {
    public static final ImageRef IMAGE = new ImageRef(new UUID(0xbb, 1), ImageFormat.OCI);

    private static final Path ROOT = make();

    private BusyboxRoot() {}

    /** The layers of the one image there is. */
    static List<Path> layers(ImageRef image) {
        if (!image.equals(IMAGE)) {
            throw BerthException.notFound("image", image.id());
        }
        return List.of(ROOT);
    }

    private static Path make() {
        String script = """
                set -e
                cd "$1"
                mkdir -p bin sbin etc proc sys dev tmp root home var
                cp "$(command -v busybox)" bin/
                for name in $(busybox --list | grep -v '^busybox'); do ln -s busybox "bin/$name"; done
                ln -s ../bin/busybox sbin/init
                printf '::respawn:/bin/sleep 1000\\n' > etc/inittab
                printf 'root:x:0:0::/root:/bin/sh\\nweb:x:33:33::/var/web:/bin/sh\\n' > etc/passwd
                printf 'root:x:0:\\nweb:x:33:\\nmail:x:8:web\\n' > etc/group
                chmod 1777 tmp
                chown -hR 1000000000:1000000000 .
                """;
        try {
            Path root = Files.createTempDirectory("berth-busybox");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Trees.delete(root)));
            Process process = new ProcessBuilder("sh", "-c", script, "sh", root.toString())
                    .inheritIO()
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError("busybox-static is needed");
            }
            return root;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
