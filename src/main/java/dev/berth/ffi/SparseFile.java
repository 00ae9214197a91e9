package dev.berth.ffi;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Copies a file with holes: only what holds data is read and written, the rest stays a hole. */
public final class SparseFile {
    private static final int READ_CLOSE_ON_EXEC = 0x80000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int NO_MORE_DATA = 6;

    private SparseFile() {}

    /** Copies to a file that is not there yet. */
    public static void copy(Path from, Path to) throws IOException {
        int descriptor = LibcLibrary.INSTANCE.open(from.toString(), READ_CLOSE_ON_EXEC);
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = in.size();
            long data = seek(descriptor, 0, SEEK_DATA);
            while (data >= 0 && data < size) {
                long hole = seek(descriptor, data, SEEK_HOLE);
                copy(in, out, data, hole);
                data = seek(descriptor, hole, SEEK_DATA);
            }
            if (out.size() < size) {
                out.write(ByteBuffer.wrap(new byte[1]), size - 1);
            }
        } finally {
            LibcLibrary.INSTANCE.close(descriptor);
        }
    }

    private static void copy(FileChannel in, FileChannel out, long from, long to) throws IOException {
        out.position(from);
        long done = from;
        while (done < to) {
            long count = in.transferTo(done, to - done, out);
            if (count <= 0) {
                throw new IOException("the file became shorter while it was copied");
            }
            done += count;
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
