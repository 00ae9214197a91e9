package dev.berth.driver.lxc;

import dev.berth.driver.StoreLayout;
import java.nio.file.Path;
import java.util.UUID;

/** The file names of one container, all below its directory in the store; {@code native/README.md} describes the common ones. */
record ContainerFiles(StoreLayout layout, UUID id) {
    Path directory() {
        return layout.containers().resolve(id.toString());
    }

    /** Written last when a container is made; a directory without it is a leftover. */
    Path definition() {
        return directory().resolve("definition.json");
    }

    /** The first id on the host of the container's range. */
    Path ids() {
        return directory().resolve("ids");
    }

    /** There while the container is meant to run; holds how often it has been restarted in a row. */
    Path wanted() {
        return directory().resolve("wanted");
    }

    Path plan() {
        return directory().resolve("plan");
    }

    /** The writable layer. */
    Path disk() {
        return directory().resolve("disk.img");
    }

    /** There while the image is larger than the file system in it. */
    Path growth() {
        return directory().resolve("growth");
    }

    /** There while the container stands still because of the agent, not of its user. */
    Path standstill() {
        return directory().resolve("standstill");
    }

    Path snapshots() {
        return directory().resolve("snapshots");
    }

    Path run() {
        return directory().resolve("run");
    }

    /** Locked while anything of a run is left. */
    Path lock() {
        return run().resolve("lock");
    }

    Path status() {
        return run().resolve("status");
    }

    Path exit() {
        return run().resolve("exit");
    }

    Path attachSocket() {
        return run().resolve("attach.sock");
    }

    Path log() {
        return directory().resolve("log");
    }

    /** The log that is being written. */
    Path output() {
        return log().resolve("output");
    }

    /** An older log; 1 is the youngest of them. */
    Path output(int age) {
        return log().resolve("output." + age);
    }

    /** The container's cgroup, relative to the root of each hierarchy. */
    String cgroup() {
        return "berth/" + id;
    }
}
