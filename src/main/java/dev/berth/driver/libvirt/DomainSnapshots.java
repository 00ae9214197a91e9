package dev.berth.driver.libvirt;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.RunState;
import dev.berth.driver.SnapshotState;
import dev.berth.driver.Snapshotting;
import dev.berth.ffi.VirtDomain;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Revert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Snapshots within the qcow2 files of an instance, with its memory in a file beside them; see the package's rationale. */
final class DomainSnapshots implements Snapshotting {
    private static final Duration MEMORY_LIMIT = Duration.ofMinutes(25);
    /** {@code VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA}. */
    private static final int NO_METADATA = 4;
    /** {@code VIR_DOMAIN_SAVE_RUNNING}. */
    private static final int RESTORE_RUNNING = 2;

    private final Domains domains;
    private final InstanceStore store;
    private final AfterBoot afterBoot;
    private final Clock clock;

    DomainSnapshots(Domains domains, InstanceStore store, AfterBoot afterBoot, Clock clock) {
        this.domains = domains;
        this.store = store;
        this.afterBoot = afterBoot;
        this.clock = clock;
    }

    @Override
    public SnapshotState snapshot(UUID id, UUID snapshot, boolean withMemory, ProgressSink progress) {
        return domains.answerLocked(id, () -> {
            store.stillness(id).end();
            RunState state = domains.state(id);
            return new SnapshotIndex(store.files(id))
                    .find(snapshot)
                    .orElseGet(() -> take(id, snapshot, withMemory, state, progress));
        });
    }

    private SnapshotState take(UUID id, UUID snapshot, boolean withMemory, RunState state, ProgressSink progress) {
        boolean active = state == RunState.RUNNING || state == RunState.PAUSED;
        boolean memory = active && withMemory;
        removeParts(id, snapshot, active);
        Trees.create(store.files(id).snapshots());
        Supplier<SnapshotState> parts = () -> makeParts(id, snapshot, active, memory, progress);
        return memory && state == RunState.RUNNING ? store.stillness(id).during(parts) : parts.get();
    }

    private SnapshotState makeParts(UUID id, UUID snapshot, boolean active, boolean memory, ProgressSink progress) {
        SnapshotIndex index = new SnapshotIndex(store.files(id));
        try (Revert revert = new Revert()) {
            revert.add(() -> removeParts(id, snapshot, active));
            LibvirtDriver.stage(progress, "snapshotting disks");
            snapshotDisks(id, snapshot, active);
            copy(store.files(id).nvram(), index.nvram(snapshot));
            if (memory) {
                LibvirtDriver.stage(progress, "saving memory");
                saveMemory(id, index.memory(snapshot));
            }
            SnapshotState taken = new SnapshotState(snapshot, memory, clock.instant());
            index.add(taken);
            revert.disarm();
            return taken;
        }
    }

    private void snapshotDisks(UUID id, UUID snapshot, boolean active) {
        List<Path> disks = disks(id);
        if (active) {
            domains.change(id, MEMORY_LIMIT, domain -> {
                new BlockNodes(domain).takeSnapshot(disks, snapshot.toString());
            });
        } else {
            disks.forEach(disk -> QemuImg.takeSnapshot(disk, snapshot.toString()));
        }
    }

    /** An external memory snapshot without any disk: the paused guest is written to a file that restore understands. */
    private void saveMemory(UUID id, Path file) {
        domains.change(id, MEMORY_LIMIT, domain -> {
            Xml xml = new Xml();
            xml.open("domainsnapshot").leaf("memory", "snapshot", "external", "file", file.toString());
            xml.open("disks");
            XmlElement.parse(domain.xml(0))
                    .all("disk")
                    .forEach(disk -> xml.leaf("disk", "name", disk.attribute("target", "dev"), "snapshot", "no"));
            domain.snapshot(xml.close().close().toString(), NO_METADATA);
        });
    }

    @Override
    public void revert(UUID id, UUID snapshot, ProgressSink progress) {
        domains.locked(id, () -> {
            SnapshotIndex index = new SnapshotIndex(store.files(id));
            store.stillness(id).end();
            domains.state(id);
            SnapshotState wanted =
                    index.find(snapshot).orElseThrow(() -> BerthException.notFound("snapshot", snapshot));
            LibvirtDriver.stage(progress, "stopping");
            new PowerButton(domains, false).force(id);
            LibvirtDriver.stage(progress, "reverting disks");
            for (Path disk : disks(id)) {
                // A disk that was added later is not part of the snapshot.
                if (QemuImg.snapshotNames(disk).contains(snapshot.toString())) {
                    QemuImg.applySnapshot(disk, snapshot.toString());
                }
            }
            copy(index.nvram(snapshot), store.files(id).nvram());
            if (wanted.withMemory()) {
                LibvirtDriver.stage(progress, "restoring memory");
                String file = index.memory(snapshot).toString();
                domains.hypervisor().call(MEMORY_LIMIT, connection -> {
                    connection.restore(file, RESTORE_RUNNING);
                    return true;
                });
                afterBoot.started(id);
            } else {
                afterBoot.stopped(id);
            }
            growBack(id, wanted.withMemory());
        });
    }

    /** A snapshot brings the size of its time back; a disk that was grown since keeps its larger size. */
    private void growBack(UUID id, boolean active) {
        for (DiskSpec disk : Disks.of(domains.definition(id))) {
            Path file = store.files(id).disk(disk.id());
            DataSize size = disk.size();
            if (!Files.exists(file)
                    || QemuImg.virtualSize(new QemuImg.Base(file, "qcow2")).compareTo(size) >= 0) {
                continue;
            }
            if (active) {
                domains.change(id, domain -> domain.resizeDisk(file.toString(), size.bytes()));
            } else {
                QemuImg.grow(file, size);
            }
        }
    }

    @Override
    public void deleteSnapshot(UUID id, UUID snapshot, ProgressSink progress) {
        domains.locked(id, () -> {
            store.stillness(id).end();
            boolean active = DomainStates.active(domains.with(id, VirtDomain::state));
            LibvirtDriver.stage(progress, "deleting snapshot");
            removeParts(id, snapshot, active);
        });
    }

    private void removeParts(UUID id, UUID snapshot, boolean active) {
        String name = snapshot.toString();
        for (Path disk : disks(id)) {
            if (QemuImg.snapshotNames(disk).contains(name)) {
                if (active) {
                    domains.change(id, MEMORY_LIMIT, domain -> {
                        new BlockNodes(domain).deleteSnapshot(disk, name);
                    });
                } else {
                    QemuImg.deleteSnapshot(disk, name);
                }
            }
        }
        new SnapshotIndex(store.files(id)).remove(snapshot);
    }

    @Override
    public List<SnapshotState> snapshots(UUID id) {
        domains.state(id);
        return new SnapshotIndex(store.files(id)).all();
    }

    private List<Path> disks(UUID id) {
        InstanceDefinition definition = domains.definition(id);
        return Disks.of(definition).stream()
                .map(disk -> store.files(id).disk(disk.id()))
                .filter(Files::exists)
                .toList();
    }

    private static void copy(Path from, Path to) {
        if (!Files.exists(from)) {
            return;
        }
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw NodeFailures.files("Copying firmware variables", e);
        }
    }
}
