package dev.berth.driver.libvirt;

import dev.berth.driver.Cloning;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.kernel.Revert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Copies the disks of one domain for another. QEMU flushes its disks when it is paused, so the files of a paused guest are as
 * good as those of one whose power was cut.
 */
final class DomainCloning implements Cloning {
    private final Domains domains;
    private final InstanceStore store;

    DomainCloning(Domains domains, InstanceStore store) {
        this.domains = domains;
        this.store = store;
    }

    @Override
    public void cloneInstance(UUID source, InstanceDefinition target, ProgressSink progress) {
        UUID first = source.compareTo(target.id()) < 0 ? source : target.id();
        UUID second = first.equals(source) ? target.id() : source;
        // Always in the same order, so that two clones cannot wait for each other.
        domains.locked(first, () -> domains.locked(second, () -> copy(source, target, progress)));
    }

    private void copy(UUID source, InstanceDefinition target, ProgressSink progress) {
        Stillness stillness = store.stillness(source);
        stillness.end();
        RunState state = domains.state(source);
        if (domains.exists(target.id())) {
            store.define(target, progress);
            return;
        }
        InstanceDefinition original = domains.definition(source);
        if (state == RunState.RUNNING) {
            stillness.during(() -> {
                copy(original, target, progress);
                return true;
            });
        } else {
            copy(original, target, progress);
        }
    }

    private void copy(InstanceDefinition original, InstanceDefinition target, ProgressSink progress) {
        store.define(target, revert -> copyDisks(original, target, revert, progress), progress);
    }

    private void copyDisks(
            InstanceDefinition original, InstanceDefinition target, Revert revert, ProgressSink progress) {
        InstanceFiles from = store.files(original.id());
        InstanceFiles to = store.files(target.id());
        for (DiskSpec disk : Disks.of(target)) {
            Disks.of(original).stream()
                    .filter(other -> other.name().equals(disk.name()))
                    .findFirst()
                    .ifPresent(other -> store.disks().copy(from.disk(other.id()), disk, to.disk(disk.id()), progress));
        }
        store.disks().createMissing(target, revert, progress);
        copyFirmwareVariables(from.nvram(), to.nvram());
    }

    private static void copyFirmwareVariables(Path from, Path to) {
        if (!Files.exists(from)) {
            return;
        }
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw NodeFailures.files("Copying firmware variables", e);
        }
    }
}
