package dev.berth.driver.libvirt;

import dev.berth.driver.NodeFailures;
import dev.berth.ffi.VirtDomain;
import dev.berth.kernel.BerthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Guests that somebody started and nobody stopped run again when their node has booted. The file {@code wanted} of an instance
 * says in which boot of the node it ran last. As with containers it stays when the guest ends by itself, and goes when
 * somebody stops it.
 */
final class AfterBoot {
    private static final System.Logger LOG = System.getLogger(AfterBoot.class.getName());
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private final Domains domains;
    private final InstanceStore store;

    AfterBoot(Domains domains, InstanceStore store) {
        this.domains = domains;
        this.store = store;
    }

    /** A guest that runs is not ended because this could not be noted, on a full disk for example. */
    void started(UUID id) {
        try {
            Files.writeString(store.files(id).wanted(), thisBoot());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "instance " + id + " will not run again after a boot: " + e);
        }
    }

    void stopped(UUID id) {
        Trees.delete(store.files(id).wanted());
    }

    /**
     * Looks at what there is when the agent starts.
     *
     * @param start starts one of those that ran before this boot; called one by one, behind the caller
     */
    void recover(List<UUID> found, Consumer<UUID> start) {
        Map<UUID, VirtDomain.State> states = domains.states();
        List<UUID> due = new ArrayList<>();
        for (UUID id : found) {
            VirtDomain.State state = states.get(id);
            if (state != null && DomainStates.active(state)) {
                started(id);
            } else if (ranBefore(id)) {
                due.add(id);
            }
        }
        if (!due.isEmpty()) {
            Thread.ofPlatform().daemon().name("after-boot").start(() -> due.forEach(id -> start(id, start)));
        }
    }

    private boolean ranBefore(UUID id) {
        Path wanted = store.files(id).wanted();
        try {
            return Files.exists(wanted) && !Files.readString(wanted).equals(thisBoot());
        } catch (IOException e) {
            throw NodeFailures.files("Reading whether an instance ran", e);
        }
    }

    /** Somebody may have stopped or removed it while others were started. One that fails is tried again by the next agent. */
    private void start(UUID id, Consumer<UUID> start) {
        try {
            if (ranBefore(id)) {
                start.accept(id);
            }
        } catch (BerthException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "instance " + id + " ran before the boot and is not started: " + e.message());
        }
    }

    private static String thisBoot() throws IOException {
        return Files.readString(BOOT_ID).strip();
    }
}
