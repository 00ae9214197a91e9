package dev.berth.driver.libvirt;

import dev.berth.driver.NodeFailures;
import dev.berth.ffi.VirtDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A guest that is held still while it is copied. A mark among its files says so: whoever comes after a call that was given up,
 * or after an agent that died here, lets the guest go on, and does not take it for one that its owner has paused.
 */
record Stillness(Domains domains, InstanceFiles files, UUID id) {
    private Path mark() {
        return files.directory().resolve("still");
    }

    /**
     * Does something while a guest that runs is held. Work that is done has failed all the same if the guest cannot be let go:
     * whoever tries again does that first.
     */
    <T> T during(Supplier<T> work) {
        T result;
        try {
            begin();
            result = work.get();
        } catch (RuntimeException e) {
            try {
                end();
            } catch (RuntimeException late) {
                e.addSuppressed(late);
            }
            throw e;
        }
        end();
        return result;
    }

    private void begin() {
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
            // Without a look at the state: a call that holds the guest may be on its way still, and comes first.
            domains.change(id, domain -> Failures.unlessInvalid(domain::resume));
            Trees.delete(mark());
        }
    }
}
