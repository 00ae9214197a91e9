package dev.berth.driver.libvirt;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Revert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The disk files of instances. A file appears under its name only when it is complete, so one that is there can be trusted.
 */
final class Disks {
    private final StoreLayout layout;

    Disks(StoreLayout layout) {
        this.layout = layout;
    }

    /** Disks of a definition, without optical drives. */
    static List<DiskSpec> of(InstanceDefinition definition) {
        return definition.disks().stream()
                .filter(disk -> disk.device() == DiskSpec.Device.DISK)
                .toList();
    }

    /** Makes those disks of a definition that are not there. */
    void createMissing(InstanceDefinition definition, Revert revert, ProgressSink progress) {
        InstanceFiles files = new InstanceFiles(layout, definition.id());
        for (DiskSpec disk : of(definition)) {
            Path file = files.disk(disk.id());
            if (!Files.exists(file)) {
                create(disk, file, progress);
                revert.add(() -> Trees.delete(file));
            }
        }
    }

    /** Makes a disk, replacing the file only when the new one is complete. */
    void create(DiskSpec disk, Path file, ProgressSink progress) {
        ImageRef image = disk.image();
        write(file, part -> {
            if (image == null) {
                QemuImg.createBlank(part, disk.size());
            } else {
                fromImage(disk, base(image), part, progress);
            }
        });
    }

    /** Copies one disk to another; the copy stands on the target's own image if that disk is to be linked to one. */
    void copy(Path source, DiskSpec target, Path file, ProgressSink progress) {
        QemuImg.Base from = new QemuImg.Base(source, "qcow2");
        QemuImg.Base backing = sharedBase(source, target);
        write(file, part -> {
            QemuImg.copy(from, part, backing, "copying disk " + target.name(), progress);
            growTo(part, target.size());
        });
    }

    /** The base of a linked copy: only the file that the source really stands on, else unchanged blocks would differ. */
    private QemuImg.@Nullable Base sharedBase(Path source, DiskSpec target) {
        ImageRef image = target.image();
        if (image == null || target.cloneMode() != DiskSpec.CloneMode.LINKED) {
            return null;
        }
        boolean same = QemuImg.backingFile(source).equals(layout.image(image).toString());
        return same ? base(image) : null;
    }

    /** Removes files of disks that a definition no longer has. */
    void removeOthers(InstanceDefinition definition) {
        InstanceFiles files = new InstanceFiles(layout, definition.id());
        Set<Path> wanted =
                of(definition).stream().map(disk -> files.disk(disk.id())).collect(Collectors.toSet());
        for (Path file : list(files.directory())) {
            if (file.getFileName().toString().startsWith("disk-") && !wanted.contains(file)) {
                Trees.delete(file);
            }
        }
    }

    /** Removes what an interrupted call left incomplete. */
    void removePartial(InstanceFiles files) {
        for (Path file : list(files.directory())) {
            if (file.getFileName().toString().endsWith(InstanceFiles.PARTIAL)) {
                Trees.delete(file);
            }
        }
    }

    private void fromImage(DiskSpec disk, QemuImg.Base base, Path part, ProgressSink progress) {
        DataSize needed = QemuImg.virtualSize(base);
        if (disk.size().compareTo(needed) < 0) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "Disk '" + disk.name() + "' is smaller than its image; make it at least " + needed.bytes()
                            + " bytes.");
        }
        switch (disk.cloneMode()) {
            case LINKED -> QemuImg.createOverlay(part, base, disk.size());
            case FULL -> {
                QemuImg.copy(base, part, null, "copying image to disk " + disk.name(), progress);
                growTo(part, disk.size());
            }
        }
    }

    private static void growTo(Path file, DataSize size) {
        if (QemuImg.virtualSize(new QemuImg.Base(file, "qcow2")).compareTo(size) < 0) {
            QemuImg.grow(file, size);
        }
    }

    private QemuImg.Base base(ImageRef image) {
        Path file = layout.image(image);
        if (!Files.isRegularFile(file)) {
            throw BerthException.of(
                    ErrorCode.NOT_FOUND, "Image " + image.id() + " is not on this node; import it first.");
        }
        return switch (image.format()) {
            case QCOW2 -> new QemuImg.Base(file, "qcow2");
            case RAW, ISO -> new QemuImg.Base(file, "raw");
            case KERNEL, INITRD, OCI ->
                throw BerthException.of(
                        ErrorCode.INVALID_ARGUMENT, "A disk cannot be made from a " + label(image.format()) + ".");
        };
    }

    private static String label(ImageFormat format) {
        return switch (format) {
            case KERNEL -> "kernel";
            case INITRD -> "initial RAM disk";
            case OCI -> "container image";
            case QCOW2, RAW, ISO -> "disk image";
        };
    }

    private void write(Path file, Consumer<Path> content) {
        Path part = InstanceFiles.partial(file);
        try (Revert revert = new Revert()) {
            revert.add(() -> Trees.delete(part));
            content.accept(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            revert.disarm();
        } catch (IOException e) {
            throw NodeFailures.files("Making a disk", e);
        }
    }

    private static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw NodeFailures.files("Reading " + directory.getFileName(), e);
        }
    }
}
