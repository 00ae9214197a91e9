package dev.berth.driver.images;

import static dev.berth.driver.images.ImageHeader.refused;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** The tables of a qcow2 file: everything that they name has to lie within the file, or it was cut off on its way. */
final class Qcow2Tables {
    private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;
    private static final long COMPRESSED = 1L << 62;
    private static final long MOST_TABLE_BYTES = 1L << 30;

    private Qcow2Tables() {}

    static void check(RandomAccessFile in, Qcow2Header header) throws IOException {
        long length = in.length();
        ByteBuffer tables = read(in, header.l1Offset(), header.l1Entries() * 8);
        Set<Long> seen = new HashSet<>();
        while (tables.hasRemaining()) {
            long table = tables.getLong() & OFFSET;
            if (table == 0) {
                continue;
            }
            if ((table & header.clusterSize() - 1) != 0 || !seen.add(table)) {
                throw refused("Its tables are damaged.");
            }
            if (seen.size() * header.clusterSize() > MOST_TABLE_BYTES) {
                throw refused("Its tables are too large.");
            }
            entries(read(in, table, (int) header.clusterSize()), header, length);
        }
    }

    private static void entries(ByteBuffer table, Qcow2Header header, long length) {
        int step = header.extendedEntries() ? 16 : 8;
        // Of a compressed cluster, the low bits are a byte offset and the bits above it a count of sectors.
        long compressedOffset = (1L << 62 - (header.clusterBits() - 8)) - 1;
        for (int at = 0; at + step <= table.capacity(); at += step) {
            long entry = table.getLong(at);
            long offset = (entry & COMPRESSED) == 0 ? entry & OFFSET : entry & compressedOffset;
            if (offset >= length) {
                throw refused("It is truncated: it has " + length + " bytes, and keeps data at " + offset + ".");
            }
        }
    }

    private static ByteBuffer read(RandomAccessFile in, long offset, int size) throws IOException {
        byte[] bytes = new byte[size];
        try {
            in.seek(offset);
            in.readFully(bytes);
        } catch (EOFException e) {
            throw refused("It is truncated: a table at " + offset + " lies beyond its end.");
        }
        return ByteBuffer.wrap(bytes);
    }
}
