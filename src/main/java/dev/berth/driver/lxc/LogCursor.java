package dev.berth.driver.lxc;

import dev.berth.driver.LogRecord;
import dev.berth.driver.NodeFailures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A place in a container's log, from which it is read on; across rotations too, for it knows the file that it reads by its
 * inode, whatever its name is by now.
 */
final class LogCursor implements AutoCloseable {
    private static final int MOST_FILES = 100;
    private static final int BUFFER = 64 * 1024;
    private static final int MOST_LINE = 1 << 20;

    private final ContainerFiles files;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable Opened opened;

    /** A file of the log, held open. */
    private record Opened(FileChannel channel, Object inode) {}

    private LogCursor(ContainerFiles files, @Nullable Opened opened) {
        this.files = files;
        this.opened = opened;
    }

    /** At the beginning of the oldest file of which this many of the newest files are older or the same. */
    static LogCursor ago(ContainerFiles files, int count) {
        List<Path> all = paths(files);
        List<Path> chosen = all.subList(0, Math.min(count, all.size()));
        Opened first = null;
        for (int i = chosen.size() - 1; i >= 0 && first == null; i--) {
            first = open(chosen.get(i)).orElse(null);
        }
        return new LogCursor(files, first);
    }

    /** How many files there are now. */
    static int count(ContainerFiles files) {
        return paths(files).size();
    }

    /** The files, newest first. */
    private static List<Path> paths(ContainerFiles files) {
        List<Path> found = new ArrayList<>();
        if (Files.exists(files.output())) {
            found.add(files.output());
        }
        for (int age = 1; age < MOST_FILES && Files.exists(files.output(age)); age++) {
            found.add(files.output(age));
        }
        return found;
    }

    private static Optional<Opened> open(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            Optional<Object> inode = inode(file);
            if (inode.isEmpty()) {
                channel.close();
            }
            return inode.map(key -> new Opened(channel, key));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw NodeFailures.files("Reading the log", e);
        }
    }

    private static Optional<Object> inode(Path file) {
        try {
            return Optional.of(Objects.requireNonNull(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads all that is there by now. */
    void read(Consumer<LogRecord> records) {
        try {
            while (true) {
                if (opened == null) {
                    opened = open(files.output()).orElse(null);
                }
                Opened current = opened;
                if (current == null) {
                    return;
                }
                // Asked first: what is written before a rotation is read before the next file is.
                Optional<Path> next = newer(current);
                drain(current.channel(), records);
                if (next.isEmpty()) {
                    return;
                }
                current.channel().close();
                opened = open(next.get()).orElse(null);
            }
        } catch (IOException e) {
            throw NodeFailures.files("Reading the log", e);
        }
    }

    /** The file that was begun after this one. */
    private Optional<Path> newer(Opened current) {
        Path newer = null;
        for (Path path : paths(files)) {
            if (inode(path).filter(current.inode()::equals).isPresent()) {
                return Optional.ofNullable(newer);
            }
            newer = path;
        }
        // It has been removed by rotation: on with the oldest that is left.
        return Optional.ofNullable(newer);
    }

    private void drain(FileChannel channel, Consumer<LogRecord> records) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (channel.read(buffer) > 0) {
            for (int i = 0; i < buffer.position(); i++) {
                byte one = buffer.get(i);
                if (one == '\n') {
                    LogLine.parse(line.toByteArray()).ifPresent(records);
                    line.reset();
                } else if (line.size() < MOST_LINE) {
                    line.write(one);
                }
            }
            buffer.clear();
        }
    }

    @Override
    public void close() {
        Opened current = opened;
        if (current != null) {
            try {
                current.channel().close();
            } catch (IOException e) {
                throw NodeFailures.files("Closing the log", e);
            }
        }
    }
}
