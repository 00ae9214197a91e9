package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.ffi.SparseFile;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Threads;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The images of writable layers: sparse files with an ext4 file system of the size that the layer is limited to.
 *
 * <p>A file system is made once for each size, and copied without its holes for each container; that takes 3 ms instead of
 * 20. A copy of what was used last is made beforehand.
 */
final class RootDisk {
    private static final System.Logger LOG = System.getLogger(RootDisk.class.getName());
    private static final Duration LONGEST = Duration.ofMinutes(5);
    /** Below it, mkfs chooses the journal's size itself. */
    private static final long LEAST_FOR_JOURNAL = 256L << 20;

    private static final int MOST_TEMPLATES = 16;
    /** Changes with what mkfs is told. */
    private static final int FORMAT = 2;

    private static final int QUIET_MILLIS = 50;
    private static final int BLOCK = 4096;
    private static final int GROWTH = 16;
    private static final long LEAST_GROWTH = 64L << 30;

    private final Path templates;
    private final AtomicBoolean preparing = new AtomicBoolean();
    private volatile @Nullable Path used;

    RootDisk(LxcSettings settings) {
        this.templates = settings.layout().containers().resolve(".templates");
    }

    /** Makes a container's image; one that is there is kept. */
    void make(ContainerFiles files, DataSize size, ProgressSink progress) {
        if (Files.exists(files.disk())) {
            return;
        }
        try {
            Path template = template(size, progress);
            used = template;
            if (!take(spare(template), files.disk())) {
                copy(template, files.disk());
            }
        } catch (IOException e) {
            throw NodeFailures.files("Making the disk", e);
        }
    }

    private static Path spare(Path template) {
        return template.resolveSibling(template.getFileName() + ".spare");
    }

    private static boolean take(Path spare, Path disk) throws IOException {
        try {
            Files.move(spare, disk, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Copies the template that was used last, for the next container; without a copy, that makes its own. It begins after a
     * while, because whoever waits for the container that was just made has something to do first.
     */
    void prepare() {
        Path template = used;
        if (template == null || Files.exists(spare(template)) || !preparing.compareAndSet(false, true)) {
            return;
        }
        try {
            if (Threads.sleep(QUIET_MILLIS)) {
                copy(template, spare(template));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no disk was made beforehand", e);
        } finally {
            preparing.set(false);
        }
    }

    private static void copy(Path template, Path to) throws IOException {
        Path partial = to.resolveSibling(to.getFileName() + ".part");
        try {
            Files.deleteIfExists(partial);
            SparseFile.copy(template, partial);
            Files.move(partial, to, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private synchronized Path template(DataSize size, ProgressSink progress) throws IOException {
        Path template = templates.resolve(size.bytes() + "-" + FORMAT + ".ext4");
        if (!Files.exists(template)) {
            progress.report(Progress.stage("making the disk"));
            Trees.create(templates);
            forgetOld();
            Path fresh = templates.resolve(UUID.randomUUID() + ".part");
            try {
                format(fresh, size);
                Files.move(fresh, template, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
        return template;
    }

    private void forgetOld() {
        List<Path> all = Trees.list(templates).stream()
                .filter(file -> file.toString().endsWith(".ext4"))
                .toList();
        all.stream().limit(Math.max(0, all.size() - MOST_TEMPLATES + 1)).forEach(template -> {
            Trees.delete(spare(template));
            Trees.delete(template);
        });
    }

    /** A new sparse file reads as zeros, so mkfs need not write tables of zeros, and the kernel need not do it later. */
    static void format(Path file, DataSize size) throws IOException {
        Files.createFile(file);
        resize(file, size);
        List<String> command = new ArrayList<>(List.of(
                "mkfs.ext4",
                "-q",
                "-F",
                "-m",
                "0",
                "-E",
                "lazy_itable_init=0,lazy_journal_init=1,assume_storage_prezeroed=1,nodiscard,resize=" + growth(size)));
        if (size.bytes() >= LEAST_FOR_JOURNAL) {
            command.addAll(List.of("-J", "size=16"));
        }
        command.add(file.toString());
        Program.run(LONGEST, command);
    }

    /**
     * Up to how many blocks the descriptors have room to grow in place; mkfs's own 1024 times the size would take 4 MB of each
     * container. Beyond it, descriptors go where there is room.
     */
    private static long growth(DataSize size) {
        return Math.max(size.bytes() * GROWTH, LEAST_GROWTH) / BLOCK;
    }

    static void resize(Path file, DataSize size) throws IOException {
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(size.bytes());
        }
    }
}
