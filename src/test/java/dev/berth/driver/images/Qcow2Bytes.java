package dev.berth.driver.images;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A small qcow2 file made by hand: 1 MiB, clusters of 64 KiB, empty; tests break one field of it at a time. */
final class Qcow2Bytes {
    static final int CLUSTER = 1 << 16;
    static final long VIRTUAL = 1 << 20;
    static final int L2_AT = 4 * CLUSTER;
    static final int DATA_AT = 5 * CLUSTER;

    private Qcow2Bytes() {}

    /** A sound one: header, refcount table, refcount block, L1, one L2, one cluster of data. */
    static byte[] sound() {
        ByteBuffer file = ByteBuffer.allocate(6 * CLUSTER);
        file.putInt(0, 0x514649fb)
                .putInt(4, 3)
                .putInt(20, 16)
                .putLong(24, VIRTUAL)
                .putInt(36, 1)
                .putLong(40, 3 * CLUSTER)
                .putLong(48, CLUSTER)
                .putInt(56, 1)
                .putInt(96, 4)
                .putInt(100, 104);
        file.putLong(CLUSTER, 2 * CLUSTER);
        for (int cluster = 0; cluster < 6; cluster++) {
            file.putShort(2 * CLUSTER + 2 * cluster, (short) 1);
        }
        file.putLong(3 * CLUSTER, L2_AT | 1L << 63);
        file.putLong(L2_AT, DATA_AT | 1L << 63);
        file.put(DATA_AT, (byte) 42);
        return file.array();
    }

    static byte[] with(Consumer<ByteBuffer> change) {
        byte[] bytes = sound();
        change.accept(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** With a header extension of a type and size; its content is zeros. */
    static byte[] withExtension(int type, int size) {
        return with(file -> file.putInt(104, type).putInt(108, size));
    }
}
