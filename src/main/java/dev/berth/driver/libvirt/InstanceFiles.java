package dev.berth.driver.libvirt;

import dev.berth.driver.StoreLayout;
import java.nio.file.Path;
import java.util.UUID;

/** The file names of one instance, all below its directory in the store. */
record InstanceFiles(StoreLayout layout, UUID id) {
    /** Files that are being written carry it until they are complete. */
    static final String PARTIAL = ".part";

    Path directory() {
        return layout.instance(id);
    }

    Path disk(UUID disk) {
        return directory().resolve("disk-" + disk + ".qcow2");
    }

    Path seed() {
        return directory().resolve("seed.iso");
    }

    Path nvram() {
        return directory().resolve("nvram.fd");
    }

    Path serialSocket() {
        return directory().resolve("serial.sock");
    }

    Path serialLog() {
        return directory().resolve("serial.log");
    }

    /** Lies there from the first to the last moment in which the domain exists; a directory without it is a leftover. */
    Path defined() {
        return directory().resolve("defined");
    }

    /** Lies there while somebody wants it to run; see {@link AfterBoot}. */
    Path wanted() {
        return directory().resolve("wanted");
    }

    Path snapshots() {
        return directory().resolve("snapshots");
    }

    static Path partial(Path file) {
        return file.resolveSibling(file.getFileName() + PARTIAL);
    }
}
