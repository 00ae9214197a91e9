package dev.berth.driver.lxc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * Whether a container is meant to run, and how often it has been restarted in a row: the file {@code wanted}. It stays when
 * the process ends by itself, and goes when somebody stops the container.
 */
record Wanted(ContainerFiles files) {
    boolean holds() {
        return Files.exists(files.wanted());
    }

    int restarts() {
        String text = Trees.text(files.wanted()).strip();
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    void keep(int restarts) {
        Trees.write(files.wanted(), Integer.toString(restarts).getBytes(StandardCharsets.US_ASCII));
    }

    void drop() {
        Trees.delete(files.wanted());
    }
}
