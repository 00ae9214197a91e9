package dev.berth.ffi;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file below a directory that is taken as the root, whatever its links say: {@code openat2(2)} with
 * {@code RESOLVE_IN_ROOT}. It is held by descriptor, so that nobody can swap it afterwards.
 */
public final class Rooted implements AutoCloseable {
    private static final long OPENAT2 = 437;
    private static final int CURRENT_DIRECTORY = -100;
    private static final long PATH_ONLY = 0x200000;
    private static final long CLOSE_ON_EXEC = 0x80000;
    private static final long NO_MAGIC_LINKS = 0x02;
    private static final long IN_ROOT = 0x10;

    private final int descriptor;

    private Rooted(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Finds a file; nothing is opened for reading yet, so that no device and no pipe comes to life. */
    public static Optional<Rooted> find(Path root, String path) {
        int directory = open(CURRENT_DIRECTORY, root.toString(), 0).orElse(-1);
        if (directory < 0) {
            return Optional.empty();
        }
        try {
            return open(directory, path, IN_ROOT | NO_MAGIC_LINKS).map(Rooted::new);
        } finally {
            LibcLibrary.INSTANCE.close(directory);
        }
    }

    /** {@code struct open_how}: flags, mode, resolve, eight bytes each. */
    private static Optional<Integer> open(int directory, String path, long resolve) {
        try (Memory how = new Memory(24)) {
            how.setLong(0, PATH_ONLY | CLOSE_ON_EXEC);
            how.setLong(8, 0);
            how.setLong(16, resolve);
            return Optional.of((int) LibcLibrary.INSTANCE.syscall(OPENAT2, (long) directory, path, how, how.size()));
        } catch (LastErrorException e) {
            LinuxException failure = new LinuxException("openat2", e);
            if (failure.isAbsence() || failure.errno() == LinuxException.TOO_MANY_LINKS) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** A path to exactly this file, for as long as it is held. */
    public Path path() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    public boolean isRegularFile() {
        return Files.isRegularFile(path());
    }

    /** Its first bytes, at most so many. */
    public byte[] read(int most) throws IOException {
        try (var in = Files.newInputStream(path())) {
            return in.readNBytes(most);
        }
    }

    @Override
    public void close() {
        LibcLibrary.INSTANCE.close(descriptor);
    }
}
