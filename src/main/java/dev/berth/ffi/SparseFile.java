package dev.berth.ffi;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/** Copies a file with holes: only what holds data is read and written, the rest stays a hole. */
public final class SparseFile {
    /** {@code FICLONE}. */
    private static final long CLONE = 0x40049409L;

    private static final long PIECE = 64L << 20;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int NO_MORE_DATA = 6;

    private SparseFile() {}

    /** Copies to a file that is not there yet. */
    public static void copy(Path from, Path to) throws IOException {
        copy(from, to, done -> {}, false);
    }

    /**
     * Copies to a file that is not there yet, and returns when it is on the disk.
     *
     * @param meanwhile told how far it is, in bytes of the file; what it throws ends the work
     */
    public static void copy(Path from, Path to, LongConsumer meanwhile) throws IOException {
        copy(from, to, meanwhile, true);
    }

    private static void copy(Path from, Path to, LongConsumer meanwhile, boolean durable) throws IOException {
        try (Descriptor data = Descriptor.open(from, Descriptor.READ);
                FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = in.size();
            if (!share(data, to)) {
                copyData(data.number(), in, out, meanwhile);
            }
            if (out.size() < size) {
                out.write(ByteBuffer.wrap(new byte[1]), size - 1);
            }
            if (durable) {
                out.force(true);
            }
            meanwhile.accept(size);
        }
    }

    /** Shares the blocks, where the file system can do that. */
    private static boolean share(Descriptor from, Path to) {
        try (Descriptor target = Descriptor.open(to, Descriptor.READ_WRITE)) {
            target.control("FICLONE", CLONE, from.number());
            return true;
        } catch (LinuxException e) {
            return false;
        }
    }

    private static void copyData(int descriptor, FileChannel in, FileChannel out, LongConsumer meanwhile)
            throws IOException {
        long data = seek(descriptor, 0, SEEK_DATA);
        while (data >= 0) {
            long hole = seek(descriptor, data, SEEK_HOLE);
            copy(in, out, data, hole, meanwhile);
            data = seek(descriptor, hole, SEEK_DATA);
        }
    }

    private static void copy(FileChannel in, FileChannel out, long from, long to, LongConsumer meanwhile)
            throws IOException {
        out.position(from);
        long done = from;
        while (done < to) {
            long count = in.transferTo(done, Math.min(PIECE, to - done), out);
            if (count <= 0) {
                throw new IOException("the file became shorter while it was copied");
            }
            done += count;
            meanwhile.accept(done);
        }
    }

    /** Where the next data or the next hole begins; −1 when there is no more data. */
    private static long seek(int descriptor, long from, int whence) throws IOException {
        try {
            return LibcLibrary.INSTANCE.lseek(descriptor, from, whence);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == NO_MORE_DATA) {
                return -1;
            }
            throw new IOException("lseek: " + e.getMessage(), e);
        }
    }
}
