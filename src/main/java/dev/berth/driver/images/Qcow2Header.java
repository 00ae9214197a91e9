package dev.berth.driver.images;

import static dev.berth.driver.images.ImageHeader.refused;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/**
 * The header of a qcow2 file that refers to nothing but itself. The limits on tables are QEMU's own.
 *
 * @param l1Offset where the table of tables is
 * @param l1Entries how many tables it names
 * @param extendedEntries whether an entry of a table has 16 bytes instead of 8
 */
record Qcow2Header(long virtualSize, int clusterBits, long l1Offset, int l1Entries, boolean extendedEntries) {
    static final int MAGIC = 0x514649fb;
    private static final String FLATTEN = "flatten it first: qemu-img convert -O qcow2.";
    private static final int V2_LENGTH = 72;
    private static final int V3_LENGTH = 104;
    private static final int MOST_HEADER = 4096;
    private static final long MOST_VIRTUAL = 1L << 50;
    private static final long MOST_L1_BYTES = 32L << 20;
    private static final long MOST_REFCOUNT_BYTES = 8L << 20;
    private static final int MOST_REFCOUNT_ORDER = 6;

    private static final long EXTERNAL_DATA = 1 << 2;
    private static final long COMPRESSION_TYPE = 1 << 3;
    private static final long EXTENDED_L2 = 1 << 4;
    /** dirty, compression type, extended L2; refused are corrupt (bit 1), external data file (bit 2) and all others. */
    private static final long KNOWN_INCOMPATIBLE = 1 | COMPRESSION_TYPE | EXTENDED_L2;

    private static final int EXTERNAL_DATA_NAME = 0x44415441;
    private static final int ENCRYPTION_HEADER = 0x0537be77;
    private static final int BITMAPS = 0x23852875;
    private static final int BACKING_FORMAT = 0xe2792aca;
    private static final int FEATURE_NAMES = 0x6803f857;

    /** Reads the header, which the file has to be long enough for in its cheapest form. */
    static Qcow2Header read(RandomAccessFile in) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(firstCluster(in));
        int version = header.getInt(4);
        if (version != 2 && version != 3) {
            throw refused("It is a qcow image of version " + version + "; only versions 2 and 3 are taken.");
        }
        if (header.getLong(8) != 0 || header.getInt(16) != 0) {
            throw refused("It refers to a backing file; " + FLATTEN);
        }
        long virtual = header.getLong(24);
        if (virtual <= 0 || virtual > MOST_VIRTUAL) {
            throw refused("Its virtual size is out of range.");
        }
        if (header.getInt(32) != 0) {
            throw refused("It is encrypted; encrypted images are not supported.");
        }
        if (header.getInt(60) != 0) {
            throw refused("It contains internal snapshots; remove them first: qemu-img convert -O qcow2.");
        }
        long features = version == 3 ? features(header) : 0;
        extensions(header, version == 3 ? headerLength(header) : V2_LENGTH);
        Qcow2Header read = new Qcow2Header(
                virtual, header.getInt(20), header.getLong(40), header.getInt(36), (features & EXTENDED_L2) != 0);
        read.checkTables(header, in.length());
        return read;
    }

    /** Header and extensions lie within it. */
    private static byte[] firstCluster(RandomAccessFile in) throws IOException {
        in.seek(20);
        int clusterBits = in.readInt();
        if (clusterBits < 9 || clusterBits > 21) {
            throw refused("Its cluster size is out of range.");
        }
        byte[] cluster = new byte[1 << clusterBits];
        in.seek(0);
        int length = (int) Math.min(cluster.length, in.length());
        in.readFully(cluster, 0, length);
        return length < V3_LENGTH ? Arrays.copyOf(cluster, SMALLEST) : cluster;
    }

    private static final int SMALLEST = 512;

    private static long features(ByteBuffer header) {
        long incompatible = header.getLong(72);
        if ((incompatible & EXTERNAL_DATA) != 0) {
            throw refused("It keeps its data in another file; " + FLATTEN);
        }
        if ((incompatible & ~KNOWN_INCOMPATIBLE) != 0) {
            throw refused(String.format(
                    Locale.ROOT, "It is corrupt or uses features that are not known here (0x%x).", incompatible));
        }
        if (header.getInt(96) < 0 || header.getInt(96) > MOST_REFCOUNT_ORDER) {
            throw refused("Its reference counts have an impossible width.");
        }
        if ((incompatible & COMPRESSION_TYPE) != 0 && (headerLength(header) <= V3_LENGTH || header.get(104) != 1)) {
            throw refused("It is compressed in a way that is not known here.");
        }
        return incompatible;
    }

    private static int headerLength(ByteBuffer header) {
        int length = header.getInt(100);
        if (length < V3_LENGTH || length > Math.min(MOST_HEADER, header.capacity()) || length % 8 != 0) {
            throw refused("Its header length is out of range.");
        }
        return length;
    }

    private static void extensions(ByteBuffer header, int from) {
        int end = header.capacity();
        int at = from;
        while (at + 8 <= end) {
            int type = header.getInt(at);
            int size = header.getInt(at + 4);
            if (type == 0) {
                return;
            }
            if (size < 0 || size > end - at - 8) {
                throw refused("Its header extensions are damaged.");
            }
            refuse(type);
            at += 8 + (size + 7) / 8 * 8;
        }
    }

    private static void refuse(int type) {
        switch (type) {
            case BACKING_FORMAT, FEATURE_NAMES -> {
                // Says nothing without a backing file, and texts for people.
            }
            case EXTERNAL_DATA_NAME -> throw refused("It names an external data file; " + FLATTEN);
            case ENCRYPTION_HEADER -> throw refused("It is encrypted; encrypted images are not supported.");
            case BITMAPS -> throw refused("It contains dirty bitmaps; remove them first: qemu-img convert -O qcow2.");
            default ->
                throw refused(
                        String.format(Locale.ROOT, "It has a header extension that is not known here (0x%08x).", type));
        }
    }

    private void checkTables(ByteBuffer header, long length) {
        int entryBits = clusterBits - (extendedEntries ? 4 : 3);
        long needed = (virtualSize - 1 >> clusterBits + entryBits) + 1;
        if (l1Entries < 0 || l1Entries * 8L > MOST_L1_BYTES || needed > l1Entries) {
            throw refused("The size of its L1 table is out of range.");
        }
        long refcountClusters = header.getInt(56) & 0xffff_ffffL;
        if (refcountClusters == 0 || refcountClusters << clusterBits > Math.max(MOST_REFCOUNT_BYTES, clusterSize())) {
            throw refused("The size of its refcount table is out of range.");
        }
        inside(l1Offset, l1Entries * 8L, length);
        inside(header.getLong(48), refcountClusters << clusterBits, length);
    }

    private void inside(long offset, long bytes, long length) {
        if (offset < clusterSize() || (offset & clusterSize() - 1) != 0 || offset > length - bytes) {
            throw refused("Its tables lie outside of the file; it is truncated or corrupt.");
        }
    }

    long clusterSize() {
        return 1L << clusterBits;
    }
}
