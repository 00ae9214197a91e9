package dev.berth.bench;

import dev.berth.crash.Shell;
import java.nio.file.Path;

/** Docker by its command line, on the daemon that the environment names. */
final class DockerEngine implements Engine {
    private final Path data;
    private String box = "";

    DockerEngine(Path data) {
        this.data = data;
    }

    @Override
    public String label() {
        return "docker";
    }

    @Override
    public void prepare(BoxImage image) {
        Shell.run("docker", "pull", "-q", image.reference());
        box = image.reference();
    }

    @Override
    public void run(String name) {
        Shell.run("docker", "run", "-d", "--name", name, box);
    }

    @Override
    public void exec(String name) {
        Shell.run("docker", "exec", name, "true");
    }

    @Override
    public void remove(String name) {
        Shell.run("docker", "rm", "-f", name);
    }

    @Override
    public boolean pull(String reference) {
        Shell.run("docker", "pull", "-q", reference);
        return true;
    }

    @Override
    public Path data() {
        return data;
    }

    @Override
    public String supervisor() {
        return "containerd-shim";
    }
}
