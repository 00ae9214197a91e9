package dev.berth.bench;

import dev.berth.crash.Shell;
import java.nio.file.Files;
import java.nio.file.Path;

/** LXD by its command line, on the daemon that the environment names. */
final class LxdEngine implements Engine {
    private final Path data;

    LxdEngine(Path data) {
        this.data = data;
    }

    @Override
    public String label() {
        return "lxd";
    }

    @Override
    public void prepare(BoxImage image) throws Exception {
        Path metadata = Files.createTempDirectory("berth-lxd");
        Files.writeString(
                metadata.resolve("metadata.yaml"),
                "architecture: " + Shell.run("uname", "-m").strip()
                        + "\ncreation_date: 1\nproperties: {os: busybox}\n");
        Path archive = metadata.resolve("box.tar");
        Shell.run(
                "tar",
                "--transform=s,^\\.,rootfs,",
                "-cf",
                archive.toString(),
                "-C",
                image.rootfs().toString(),
                ".");
        Shell.run("tar", "-rf", archive.toString(), "-C", metadata.toString(), "metadata.yaml");
        Shell.run("lxc", "-q", "image", "import", archive.toString(), "--alias", "box");
        Shell.run("rm", "-rf", metadata.toString());
    }

    @Override
    public void run(String name) {
        Shell.run("bash", "-c", "lxc -q launch box " + name + " </dev/null");
    }

    @Override
    public void exec(String name) {
        Shell.run("bash", "-c", "lxc exec " + name + " true </dev/null");
    }

    @Override
    public void remove(String name) {
        Shell.run("bash", "-c", "lxc -q delete --force " + name + " </dev/null");
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
