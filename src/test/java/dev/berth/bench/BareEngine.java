package dev.berth.bench;

import dev.berth.crash.Shell;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code lxc-start} without anything around it, as the floor: an unprivileged container with a veth on a bridge, on an overlay
 * of a root file system that already has the right owners.
 */
final class BareEngine implements Engine {
    private static final int BASE = 1_500_000_000;
    private final Path data;
    private final String bridge;

    BareEngine(Path data, String bridge) {
        this.data = data;
        this.bridge = bridge;
    }

    @Override
    public String label() {
        return "lxc-start";
    }

    @Override
    public void prepare(BoxImage image) {
        Shell.run("cp", "-a", image.rootfs().toString(), data.resolve("rootfs").toString());
        Shell.run("chown", "-Rh", BASE + ":" + BASE, data.resolve("rootfs").toString());
        Shell.run("mkdir", "-p", data.resolve("containers").toString());
    }

    @Override
    public void run(String name) throws Exception {
        Path directory = Files.createDirectories(data.resolve("containers").resolve(name));
        for (String part : new String[] {"upper", "work", "root"}) {
            Files.createDirectories(directory.resolve(part));
        }
        // Without PATH liblxc finds no newuidmap, which allows nothing but what /etc/subuid says.
        Path config = Files.writeString(
                directory.resolve("config"),
                String.join(
                        "\n",
                        "lxc.rootfs.path = dir:" + directory.resolve("root"),
                        "lxc.uts.name = " + name,
                        "lxc.idmap = u 0 " + BASE + " 65536",
                        "lxc.idmap = g 0 " + BASE + " 65536",
                        "lxc.mount.auto = proc:mixed sys:ro",
                        "lxc.net.0.type = veth",
                        "lxc.net.0.link = " + bridge,
                        "lxc.net.0.flags = up",
                        ""));
        Shell.run(
                "bash",
                "-c",
                "cd " + directory + " && chown " + BASE + ":" + BASE
                        + " upper work && mount -t overlay overlay -o lowerdir="
                        + data.resolve("rootfs")
                        + ",upperdir=upper,workdir=work root && PATH=/nowhere /usr/bin/lxc-start -P "
                        + data.resolve("containers") + " -n " + name + " -f " + config + " -- /bin/sleep 100000");
    }

    @Override
    public void exec(String name) {
        Shell.run("lxc-attach", "-P", data.resolve("containers").toString(), "-n", name, "--", "/bin/true");
    }

    @Override
    public void remove(String name) {
        Path directory = data.resolve("containers").resolve(name);
        Shell.run("lxc-stop", "-P", data.resolve("containers").toString(), "-n", name, "-k");
        Shell.run("bash", "-c", "umount " + directory.resolve("root") + " && rm -rf " + directory);
    }

    @Override
    public boolean pull(String reference) {
        return false;
    }

    @Override
    public Path data() {
        return data;
    }

    @Override
    public String supervisor() {
        return "[lxc monitor] " + data;
    }
}
