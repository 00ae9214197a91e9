package dev.berth.driver.libvirt;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.VmSpec;
import dev.berth.ffi.VirtConnection;
import dev.berth.ffi.VirtDomain;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Revert;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What exists of an instance: its directory with all files, and its domain. The two appear and disappear together. */
final class InstanceStore {
    /** {@code VIR_DOMAIN_UNDEFINE_} MANAGED_SAVE, SNAPSHOTS_METADATA, NVRAM and CHECKPOINTS_METADATA. */
    private static final int UNDEFINE_ALL = 1 | 2 | 4 | 16;

    private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private static final ThreadFactory RELEASES = Threads.daemons("release");
    private final LibvirtSettings settings;
    private final Domains domains;
    private final DomainXml domainXml;
    private final Disks disks;

    InstanceStore(LibvirtSettings settings, Domains domains) {
        this.settings = settings;
        this.domains = domains;
        this.domainXml = new DomainXml(settings);
        this.disks = new Disks(settings.layout());
    }

    Disks disks() {
        return disks;
    }

    InstanceFiles files(UUID id) {
        return new InstanceFiles(settings.layout(), id);
    }

    void define(InstanceDefinition definition, ProgressSink progress) {
        define(definition, revert -> disks.createMissing(definition, revert, progress), progress);
    }

    /**
     * Makes an instance exist.
     *
     * @param makeDisks makes the disk files and registers how to undo that
     */
    void define(InstanceDefinition definition, Consumer<Revert> makeDisks, ProgressSink progress) {
        VmSpec vm = DomainXml.spec(definition);
        // Generated first: a definition that cannot become XML must not leave disks behind.
        String xml = domainXml.of(definition);
        InstanceFiles files = files(definition.id());
        boolean existed = domains.exists(definition.id());
        try (Revert revert = new Revert()) {
            if (!existed && !Files.exists(files.defined())) {
                // A directory whose domain never was is a leftover of a call that was cut off.
                Trees.delete(files.directory());
                revert.add(() -> Trees.delete(files.directory()));
            }
            Trees.create(settings.layout().instances());
            Trees.create(files.directory());
            LibvirtDriver.stage(progress, "making disks");
            makeDisks.accept(revert);
            SeedIso.write(files, definition, vm.cloudInit());
            LibvirtDriver.stage(progress, "defining");
            domains.define(definition, xml, VirtConnection.DEFINE_VALIDATE);
            markDefined(files);
            revert.disarm();
        }
        if (existed && !DomainStates.active(domains.with(definition.id(), VirtDomain::state))) {
            disks.removeOthers(definition);
        }
    }

    /** Removes the domain, which must not run, and all files. */
    void remove(UUID id) {
        Trees.delete(files(id).defined());
        if (domains.exists(id)) {
            domains.with(id, domain -> {
                if (settings.simulated()) {
                    domain.undefine();
                } else {
                    domain.undefine(UNDEFINE_ALL);
                }
                return true;
            });
        }
        Trees.delete(files(id).directory());
        removeLogs(id);
    }

    /**
     * Removes directories whose domain was never defined, and files that are not complete; lets held guests go on. Where
     * somebody else undefined the domain, the disks stay: they are his users' data.
     *
     * @return the instances of this store that have a domain
     */
    List<UUID> recover() {
        Set<UUID> defined = domains.states().keySet();
        List<UUID> found = directories();
        for (UUID id : found) {
            domains.locked(id, () -> {
                if (defined.contains(id)) {
                    disks.removePartial(files(id));
                    markDefined(files(id));
                    release(id);
                } else if (!domains.exists(id) && !Files.exists(files(id).defined())) {
                    Trees.delete(files(id).directory());
                    removeLogs(id);
                }
            });
        }
        return found.stream().filter(defined::contains).toList();
    }

    private static void markDefined(InstanceFiles files) {
        if (!Files.exists(files.defined())) {
            try {
                Files.createFile(files.defined());
            } catch (IOException e) {
                throw NodeFailures.files("Marking an instance", e);
            }
        }
    }

    Stillness stillness(UUID id) {
        return new Stillness(domains, files(id), id);
    }

    /** Nobody waits for that, as QEMU may hang. */
    private void release(UUID id) {
        Stillness stillness = stillness(id);
        if (stillness.isHeld()) {
            RELEASES.newThread(() -> domains.locked(id, () -> release(stillness)))
                    .start();
        }
    }

    private static void release(Stillness stillness) {
        try {
            stillness.end();
        } catch (BerthException e) {
            // The operation that held it tries again.
            System.getLogger(InstanceStore.class.getName()).log(System.Logger.Level.WARNING, e.message());
        }
    }

    private List<UUID> directories() {
        Path instances = settings.layout().instances();
        if (!Files.isDirectory(instances)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(instances)) {
            return found.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(UUID_PATTERN))
                    .map(UUID::fromString)
                    .toList();
        } catch (IOException e) {
            throw NodeFailures.files("Reading the instance directory", e);
        }
    }

    /** QEMU's own messages, which libvirt never removes: {@code NAME.log}, {@code NAME.log.0} and so on. */
    private void removeLogs(UUID id) {
        String name = DomainMetadata.domainName(id) + ".log";
        for (String suffix : List.of("", ".0", ".1", ".2", ".3")) {
            Path log = settings.logDirectory().resolve(name + suffix);
            if (Files.isWritable(log)) {
                Trees.delete(log);
            }
        }
    }
}
