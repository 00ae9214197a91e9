package dev.berth.driver.images;

import dev.berth.driver.ImageDriver;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageRef;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.StoredImage;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The image store on a file system. An image exists when its JSON file does; that is written last and removed first. */
public final class FileImages implements ImageDriver {
    private static final int MOST_CHUNK = 4 << 20;
    private final StoreLayout layout;
    private final ImageArrival arrival;
    private final Set<UUID> busy = ConcurrentHashMap.newKeySet();

    /**
     * A store.
     *
     * @param imageBuild program that builds recipes
     * @param allowedPaths directories below which files may be imported from
     */
    public FileImages(StoreLayout layout, Path imageBuild, List<Path> allowedPaths) {
        this.layout = layout;
        this.arrival = new ImageArrival(layout, imageBuild, List.copyOf(allowedPaths));
    }

    /** Removes what interrupted imports left. */
    public void recover() {
        try (Stream<Path> files = Files.exists(layout.images()) ? Files.list(layout.images()) : Stream.empty()) {
            Set<String> known = new HashSet<>();
            images().forEach(image -> image.files().forEach(id -> known.add(id.toString())));
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(ImageArrival.STAGING) || !known.contains(name.replaceFirst("\\..*", ""))) {
                    FileTrees.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public StoredImage importImage(ImageImport request, ProgressSink progress) {
        Optional<StoredImage> known = find(request.id());
        if (known.isPresent()) {
            return known.get();
        }
        if (!busy.add(request.id())) {
            throw BerthException.of(ErrorCode.NODE_UNAVAILABLE, "An earlier import of this image is still ending.");
        }
        try {
            return arrival.bring(request, progress);
        } catch (IOException e) {
            throw Failures.translate(e);
        } finally {
            busy.remove(request.id());
        }
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
        try {
            Optional<StoredImage> image = find(id);
            if (image.isPresent()) {
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
                    .map(name -> find(UUID.fromString(name.substring(0, name.length() - 5))))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    @Override
    public long appendUpload(UUID upload, long offset, byte[] data) {
        if (data.length > MOST_CHUNK) {
            throw BerthException.of(ErrorCode.TOO_LARGE, "A part of an upload has at most 4 MiB.");
        }
        try {
            Files.createDirectories(layout.uploads());
            try (FileChannel file =
                    FileChannel.open(layout.upload(upload), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                if (file.size() != offset) {
                    throw BerthException.of(
                                    ErrorCode.WRONG_STATE, "The upload has " + file.size() + " bytes; go on there.")
                            .with("offset", file.size());
                }
                file.position(offset);
                java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(data);
                while (buffer.hasRemaining()) {
                    file.write(buffer);
                }
                file.force(false);
                return file.size();
            }
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    @Override
    public long uploadSize(UUID upload) {
        try {
            return Files.size(layout.upload(upload));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    @Override
    public void dropUpload(UUID upload) {
        try {
            Files.deleteIfExists(layout.upload(upload));
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    @Override
    public StoredImage.Chunk readImage(UUID id, long offset, int length) {
        StoredImage image = find(id).orElseThrow(() -> BerthException.notFound("image", id));
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
