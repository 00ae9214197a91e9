package dev.berth.driver.lxc;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A piece of the talk with {@code berth-launch} or a supervisor: one byte type, three zero bytes, four bytes length, data; as
 * Docker's multiplexed streams.
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record Frame(int type, byte[] data) {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int SIZE = 3;
    static final int EXIT = 4;
    static final int PLAN = 5;
    static final int END_OF_STDIN = 6;

    private static final int HEADER = 8;
    private static final int MOST_BYTES = 4 << 20;
    private static final int PIECE = 32 * 1024;

    static Frame size(int columns, int rows) {
        return new Frame(
                SIZE,
                ByteBuffer.allocate(4)
                        .putShort((short) rows)
                        .putShort((short) columns)
                        .array());
    }

    /** What goes to a process, in pieces. */
    static List<Frame> stdin(byte[] data) {
        List<Frame> pieces = new ArrayList<>();
        for (int from = 0; from < data.length; from += PIECE) {
            pieces.add(new Frame(STDIN, Arrays.copyOfRange(data, from, Math.min(data.length, from + PIECE))));
        }
        return pieces;
    }

    byte[] bytes() {
        return ByteBuffer.allocate(HEADER + data.length)
                .put((byte) type)
                .put(new byte[3])
                .putInt(data.length)
                .put(data)
                .array();
    }

    /** The next frame; empty at the end of the stream. */
    static Optional<Frame> read(InputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER);
        if (header.length == 0) {
            return Optional.empty();
        }
        if (header.length < HEADER) {
            throw new EOFException("the stream ended within a frame");
        }
        int length = ByteBuffer.wrap(header).getInt(4);
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes is too long");
        }
        byte[] data = new byte[length];
        new DataInputStream(in).readFully(data);
        return Optional.of(new Frame(header[0], data));
    }
}
