package dev.berth.driver.lxc;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.Revert;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** What exists of a container: its directory with all files. The definition is written last and removed first. */
final class ContainerStore {
    /** Where liblxc keeps its lock files; it never removes them. */
    private static final Path LOCKS = Path.of("/run/lxc/lock");

    private final Containers containers;
    private final ContainerPlan plan;
    private final RootDisk disk;
    private final IdRanges ids = new IdRanges();
    private final Surroundings surroundings;

    ContainerStore(Containers containers, ContainerPlan plan, Surroundings surroundings) {
        this.containers = containers;
        this.plan = plan;
        this.disk = new RootDisk(containers.settings());
        this.surroundings = surroundings;
        containers.directories().forEach(id -> ids.learn(containers.files(id)));
    }

    ContainerPlan plan() {
        return plan;
    }

    void define(InstanceDefinition definition, ProgressSink progress) {
        plan.check(definition);
        ContainerFiles files = containers.files(definition.id());
        boolean existed = containers.find(definition.id()).isPresent();
        try (Revert revert = new Revert()) {
            if (!existed) {
                // A directory without a definition is a leftover of a call that was cut off.
                if (Files.exists(files.directory())) {
                    removeFiles(files);
                }
                revert.add(() -> removeFiles(files));
            }
            Trees.create(files.directory());
            ids.take(files);
            disk.make(files, ContainerPlan.root(definition).size(), progress);
            Trees.create(files.run());
            Trees.create(files.log());
            if (existed) {
                surroundings.ports().guard(definition);
            } else {
                surroundings.ports().claim(definition);
                revert.add(() -> surroundings.ports().forget(definition.id()));
            }
            containers.keep(definition);
            revert.disarm();
        }
    }

    /** Does beforehand what the next container needs. */
    void prepare() {
        disk.prepare();
    }

    /** Removes everything of a container that does not run. */
    void remove(UUID id) {
        forget(id);
        clear(id);
    }

    /** Removes a container in which nothing runs; from then on it does not exist, and its files are leftovers. */
    void forget(UUID id) {
        Trees.delete(containers.files(id).definition());
        containers.forget(id);
        surroundings.ports().forget(id);
    }

    /** Removes the files of a container that has been forgotten; its supervisor must have gone. */
    void clear(UUID id) {
        removeFiles(containers.files(id));
        surroundings.volumes().released(id);
    }

    private void removeFiles(ContainerFiles files) {
        var base = IdRanges.read(files.ids());
        Trees.delete(files.directory());
        base.ifPresent(ids::free);
        Path parent = files.directory().getParent();
        Trees.delete(LOCKS.resolve(Path.of("/").relativize(parent)).resolve("." + files.id()));
    }
}
