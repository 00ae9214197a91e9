package dev.berth.driver.images;

import dev.berth.driver.ImageDriver;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageRef;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.StoredImage;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.FileTrees;
import dev.berth.kernel.Uuids;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The image store on a file system. An image exists when its JSON file does; that is written last and removed first. */
public final class FileImages implements ImageDriver {
    private static final int MOST_CHUNK = 4 << 20;
    private static final Duration DELETE_PATIENCE = Duration.ofSeconds(20);
    private static final int LOOK_MILLIS = 500;
    private final StoreLayout layout;
    private final ImageArrival arrival;
    private final Map<UUID, Arriving> busy = new ConcurrentHashMap<>();
    private final UploadStore uploads;
    private final LayeredImages layered;

    /**
     * A store.
     *
     * @param imageBuild program that builds recipes
     * @param allowedPaths directories below which files may be imported from
     * @param layered where images go that are no disks
     */
    public FileImages(StoreLayout layout, Path imageBuild, List<Path> allowedPaths, LayeredImages layered) {
        this(
                layout,
                new ImageArrival(
                        layout,
                        imageBuild,
                        List.copyOf(allowedPaths),
                        Download.Patience.USUAL,
                        new QemuImgInfo(),
                        layered),
                layered);
    }

    FileImages(StoreLayout layout, ImageArrival arrival, LayeredImages layered) {
        this.layered = layered;
        this.layout = layout;
        this.arrival = arrival;
        this.uploads = new UploadStore(layout);
    }

    /** An import under way; it ends at its next report once it is no longer wanted. */
    private static final class Arriving {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean unwanted;

        ProgressSink wrap(ProgressSink progress) {
            return report -> {
                if (unwanted) {
                    throw BerthException.of(ErrorCode.CANCELLED, "The image was deleted while it was imported.");
                }
                progress.report(report);
            };
        }

        /** Waits for its end; whoever waits ends it for himself by what his progress throws. */
        void await(ProgressSink progress) {
            try {
                while (!ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    progress.report(Progress.stage("waiting for the same image"));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw BerthException.of(ErrorCode.CANCELLED, "The wait for an image was interrupted.", e);
            }
        }

        void end() {
            unwanted = true;
            try {
                if (!ended.await(DELETE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw BerthException.of(ErrorCode.NODE_UNAVAILABLE, "The import of this image is still ending.");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw BerthException.of(ErrorCode.CANCELLED, "The deletion was interrupted.", e);
            }
        }
    }

    /** Removes what interrupted imports left. */
    public void recover() {
        try (Stream<Path> files = Files.exists(layout.images()) ? Files.list(layout.images()) : Stream.empty()) {
            Set<String> known = new HashSet<>();
            images().forEach(image -> image.files().forEach(id -> known.add(id.toString())));
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                Optional<UUID> id = Uuids.parse(name.replaceFirst("\\..*", ""));
                if (name.startsWith(ImageArrival.STAGING)
                        || (id.isPresent() && !known.contains(id.get().toString()))) {
                    FileTrees.delete(file);
                }
            }
            uploads.dropForgotten();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of two imports of one image the second takes what the first brings, and tries itself if that comes to nothing. */
    @Override
    public StoredImage importImage(ImageImport request, ProgressSink progress) {
        Arriving own = new Arriving();
        Arriving earlier = busy.putIfAbsent(request.id(), own);
        while (earlier != null) {
            earlier.await(progress);
            earlier = busy.putIfAbsent(request.id(), own);
        }
        return bring(request.id(), own, arriving -> arrival.bring(request, arriving.wrap(progress)));
    }

    /** Makes an image in another way; success if it is there. */
    public StoredImage make(UUID id, Making making) {
        Arriving own = new Arriving();
        if (busy.putIfAbsent(id, own) != null) {
            throw BerthException.of(ErrorCode.NODE_UNAVAILABLE, "An earlier import of this image is still ending.");
        }
        return bring(id, own, arriving -> arrival.make(id, making));
    }

    private StoredImage bring(UUID id, Arriving arriving, Bringing bringing) {
        try {
            Optional<StoredImage> known = find(id);
            return known.isPresent() ? known.get() : bringing.bring(arriving);
        } catch (IOException e) {
            throw Failures.translate(e);
        } finally {
            busy.remove(id);
            arriving.ended.countDown();
        }
    }

    @FunctionalInterface
    private interface Bringing {
        StoredImage bring(Arriving arriving) throws IOException;
    }

    /** A way to make an image. */
    @FunctionalInterface
    public interface Making {
        StoredImage make(LayeredImages.Keeper keeper) throws IOException;
    }

    private Optional<StoredImage> find(UUID id) {
        try {
            return Optional.of(BerthJson.mapper().readValue(arrival.sidecar(id).toFile(), StoredImage.class));
        } catch (NoSuchFileException | java.io.FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    @Override
    public void deleteImage(UUID id) {
        Arriving arriving = busy.get(id);
        if (arriving != null) {
            arriving.end();
        }
        try {
            Optional<StoredImage> image = find(id);
            if (image.isPresent()) {
                if (layered.inUse(id)) {
                    throw BerthException.of(ErrorCode.IN_USE, "Containers are made of this image.");
                }
                if (BackingFiles.anyRefersTo(layout.instances(), id)) {
                    throw BerthException.of(ErrorCode.IN_USE, "Disks of instances are linked to this image.");
                }
                Files.deleteIfExists(arrival.sidecar(id));
                for (UUID file : image.get().files()) {
                    removeFiles(file);
                }
            }
            FileTrees.delete(arrival.staging(id));
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    private void removeFiles(UUID id) throws IOException {
        for (dev.berth.driver.ImageFormat format : dev.berth.driver.ImageFormat.values()) {
            Files.deleteIfExists(layout.image(new ImageRef(id, format)));
        }
    }

    @Override
    public List<StoredImage> images() {
        try (Stream<Path> files = Files.exists(layout.images()) ? Files.list(layout.images()) : Stream.empty()) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> Uuids.parse(name.substring(0, name.length() - 5)))
                    .flatMap(Optional::stream)
                    .map(this::find)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    @Override
    public long appendUpload(UUID upload, long offset, byte[] data) {
        return uploads.append(upload, offset, data);
    }

    @Override
    public long uploadSize(UUID upload) {
        return uploads.size(upload);
    }

    @Override
    public void dropUpload(UUID upload) {
        uploads.drop(upload);
    }

    @Override
    public StoredImage.Chunk readImage(UUID id, long offset, int length) {
        StoredImage image = find(id).orElseThrow(() -> BerthException.notFound("image", id));
        if (image.oci() != null) {
            throw BerthException.of(ErrorCode.UNSUPPORTED, "An OCI image is no single file; export it instead.");
        }
        if (offset < 0 || length < 1 || length > MOST_CHUNK) {
            throw BerthException.invalid("", "A part of a download begins at 0 or later and has 1 to 4 MiB.");
        }
        try (RandomAccessFile file = new RandomAccessFile(
                layout.image(new ImageRef(id, image.format())).toFile(), "r")) {
            long left = Math.max(0, file.length() - offset);
            byte[] data = new byte[(int) Math.min(left, length)];
            file.seek(offset);
            file.readFully(data);
            return new StoredImage.Chunk(data, left <= length);
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }
}
