package dev.berth.driver.libvirt;

import dev.berth.driver.NodeFailures;
import dev.berth.ffi.VirtDomain;
import dev.berth.ffi.VirtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A guest that is held still while it is copied. A mark among its files says so: whoever comes after a call that was given up,
 * or after an agent that died here, lets the guest go on, and does not take it for one that its owner has paused.
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

    boolean isHeld() {
        return Files.exists(mark());
    }

    /** Lets a guest go on that was held, also one that is still about to be held; nothing if it was not. */
    void end() {
        if (isHeld()) {
            domains.change(id, Stillness::resume);
            Trees.delete(mark());
        }
    }

    /** Without a look at the state: a call that holds the guest may be on its way still, and comes first. */
    private static void resume(VirtDomain domain) {
        try {
            domain.resume();
        } catch (VirtException e) {
            if (e.code() != VirtException.OPERATION_INVALID) {
                throw e;
            }
        }
    }
}
