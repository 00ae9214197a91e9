package dev.berth.ffi;

import com.sun.jna.LastErrorException;
import java.nio.file.Path;

/** An open file that system calls are made on which Java lacks. */
final class Descriptor implements AutoCloseable {
    static final int READ = 0;
    static final int READ_WRITE = 2;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int NO_FOLLOW = 0x20000;
    private static final int LOCK_EXCLUSIVE = 2;
    private static final int LOCK_AT_ONCE = 4;

    private final int number;

    private Descriptor(int number) {
        this.number = number;
    }

    static Descriptor open(Path path, int mode) {
        try {
            return new Descriptor(LibcLibrary.INSTANCE.open(path.toString(), mode | CLOSE_ON_EXEC | NO_FOLLOW));
        } catch (LastErrorException e) {
            throw new LinuxException("open " + path.getFileName(), e);
        }
    }

    int number() {
        return number;
    }

    int control(String what, long request, Object argument) {
        try {
            return LibcLibrary.INSTANCE.ioctl(number, request, argument);
        } catch (LastErrorException e) {
            throw new LinuxException(what, e);
        }
    }

    /** Takes the file's lock; false if somebody else has it. Whoever keeps this open file, a loop device too, keeps the lock. */
    boolean lock() {
        try {
            LibcLibrary.INSTANCE.flock(number, LOCK_EXCLUSIVE | LOCK_AT_ONCE);
            return true;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == LinuxException.TRY_AGAIN) {
                return false;
            }
            throw new LinuxException("flock", e);
        }
    }

    void sync() {
        try {
            LibcLibrary.INSTANCE.syncfs(number);
        } catch (LastErrorException e) {
            throw new LinuxException("syncfs", e);
        }
    }

    @Override
    public void close() {
        LibcLibrary.INSTANCE.close(number);
    }
}
