package dev.berth.driver.lxc;

import dev.berth.driver.StoreLayout;
import java.nio.file.Path;
import java.util.UUID;

/** The file names of one volume. */
record VolumeFiles(StoreLayout layout, UUID id) {
    Path directory() {
        return layout.volumes().resolve(id.toString());
    }

    /** Its file system; a directory without it is a leftover. */
    Path image() {
        return directory().resolve("volume.img");
    }

    /** The image while it is made. */
    Path partial() {
        return directory().resolve("volume.img.part");
    }

    /** There while the file system is smaller than its image. */
    Path growth() {
        return directory().resolve("growth");
    }

    /** Where it is mounted. Without the mount nobody but root can do anything there. */
    Path mount() {
        return directory().resolve("fs");
    }
}
