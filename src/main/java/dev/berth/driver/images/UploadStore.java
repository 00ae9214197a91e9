package dev.berth.driver.images;

import dev.berth.driver.StoreLayout;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Uploads that grow at their end only, each a file. One part is written at a time. */
final class UploadStore {
    private static final int MOST_CHUNK = 4 << 20;
    /** Bytes that may wait in memory to be written, so that they do not all have to be at the end. */
    private static final long SYNC = 64L << 20;

    /** Longer than the controller keeps them; only what it lost sight of gets this old. */
    private static final Duration KEEP = Duration.ofDays(3);

    private static final int LOCKS = 16;
    private final StoreLayout layout;
    private final List<Object> locks = Stream.generate(Object::new).limit(LOCKS).toList();

    UploadStore(StoreLayout layout) {
        this.layout = layout;
    }

    private Object lock(UUID upload) {
        return locks.get(Math.floorMod(upload.hashCode(), LOCKS));
    }

    long append(UUID upload, long offset, byte[] data) {
        if (data.length > MOST_CHUNK) {
            throw BerthException.of(ErrorCode.TOO_LARGE, "A part of an upload has at most 4 MiB.");
        }
        synchronized (lock(upload)) {
            try {
                Files.createDirectories(layout.uploads());
                FreeSpace.require(layout.uploads());
                return write(layout.upload(upload), offset, data);
            } catch (IOException e) {
                throw Failures.translate(e);
            }
        }
    }

    private static long write(Path path, long offset, byte[] data) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (file.size() != offset) {
                throw BerthException.of(ErrorCode.WRONG_STATE, "The upload has " + file.size() + " bytes; go on there.")
                        .with("offset", file.size());
            }
            file.position(offset);
            ByteBuffer buffer = ByteBuffer.wrap(data);
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            long size = file.size();
            if (offset / SYNC != size / SYNC) {
                file.force(false);
            }
            return size;
        }
    }

    long size(UUID upload) {
        try {
            return Files.size(layout.upload(upload));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    void drop(UUID upload) {
        try {
            Files.deleteIfExists(layout.upload(upload));
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    /** Removes uploads that nobody will finish. */
    void dropForgotten() throws IOException {
        if (!Files.exists(layout.uploads())) {
            return;
        }
        Instant limit = Instant.now().minus(KEEP);
        try (Stream<Path> files = Files.list(layout.uploads())) {
            for (Path file : files.toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
