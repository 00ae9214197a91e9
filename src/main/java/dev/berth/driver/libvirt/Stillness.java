package dev.berth.driver.libvirt;

import dev.berth.driver.NodeFailures;
import dev.berth.driver.RunState;
import dev.berth.ffi.VirtDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A guest that is held still while a snapshot of it is taken. A mark among its files says so: an agent that comes after one
 * that died here lets the guest go on, and does not take it for one that its owner has paused.
 */
record Stillness(Domains domains, InstanceFiles files, UUID id) {
    private Path mark() {
        return files.directory().resolve("still");
    }

    void begin() {
        try {
            Files.write(mark(), new byte[0]);
        } catch (IOException e) {
            throw NodeFailures.files("Marking the guest as held", e);
        }
        domains.change(id, VirtDomain::suspend);
    }

    /** Lets a guest go on that was held; nothing if it was not. */
    void end() {
        if (!Files.exists(mark())) {
            return;
        }
        if (domains.state(id) == RunState.PAUSED) {
            domains.change(id, VirtDomain::resume);
        }
        Trees.delete(mark());
    }
}
