package dev.berth.driver.lxc;

import dev.berth.driver.Cloning;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Revert;
import java.nio.file.Files;
import java.util.UUID;

/** Copies the writable layer of one container for another; its files have the store's ids, so that they need no new owner. */
final class ContainerCloning implements Cloning {
    private final Containers containers;
    private final ContainerStore store;
    private final Standstill standstill;

    ContainerCloning(Containers containers, ContainerStore store, Standstill standstill) {
        this.containers = containers;
        this.store = store;
        this.standstill = standstill;
    }

    @Override
    public void cloneInstance(UUID source, InstanceDefinition target, ProgressSink progress) {
        UUID first = source.compareTo(target.id()) < 0 ? source : target.id();
        UUID second = first.equals(source) ? target.id() : source;
        // Always in the same order, so that two clones cannot wait for each other.
        containers.locked(first, () -> containers.locked(second, () -> copy(source, target, progress)));
    }

    private void copy(UUID source, InstanceDefinition target, ProgressSink progress) {
        InstanceDefinition original = containers.definition(source);
        if (containers.find(target.id()).isPresent()) {
            store.define(target, progress);
            return;
        }
        DiskSpec from = ContainerPlan.root(original);
        DiskSpec to = ContainerPlan.root(target);
        if (!ContainerPlan.image(original).equals(ContainerPlan.image(target))) {
            throw BerthException.invalid("/disks/0/image", "A copy is made of the same image as its source.");
        }
        if (to.size().compareTo(from.size()) < 0) {
            throw BerthException.invalid("/disks/0/size", "A copy's disk is at least as large as its source's.");
        }
        try (Revert revert = new Revert()) {
            revert.add(() -> store.remove(target.id()));
            store.define(target, progress);
            ContainerFiles files = containers.files(target.id());
            standstill.copyDisk(source, files.disk(), progress);
            if (!from.size().equals(to.size())
                    || Files.exists(containers.files(source).growth())) {
                DiskGrowth.fill(files, to.size());
            }
            revert.disarm();
        }
    }
}
