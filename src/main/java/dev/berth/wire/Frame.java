package dev.berth.wire;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.List;

/**
 * One message on the wire.
 *
 * @param json UTF-8 JSON, in which byte arrays stand as their index
 * @param attachments the byte arrays, raw
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record Frame(Kind kind, byte[] json, List<byte[]> attachments) {
    /** For the lengths around JSON and attachments. */
    private static final int ROOM = 1024;

    /** What a message is; the first byte on the wire. */
    enum Kind {
        /** Arguments of a call. */
        ARGUMENTS,
        /** How far a call is. */
        PROGRESS,
        RESULT,
        /** The caller wants a running call to end. */
        CANCEL,
        EVENT,
        /** Bytes from or to a console. */
        DATA,
        RESIZE,
        CLOSED
    }

    /**
     * The frame, if it may be sent.
     *
     * @throws BerthException TOO_LARGE otherwise; the receiver would break the connection off
     */
    Frame checked() {
        long bytes = json.length + attachments.stream().mapToLong(a -> a.length).sum();
        if (bytes > Transport.MOST_MESSAGE_BYTES - ROOM) {
            throw BerthException.of(
                            ErrorCode.TOO_LARGE,
                            "A message of " + bytes + " bytes is too large for the connection to a node; "
                                    + (Transport.MOST_MESSAGE_BYTES - ROOM) + " bytes are the most.")
                    .with("bytes", bytes)
                    .with("limit", Transport.MOST_MESSAGE_BYTES - ROOM);
        }
        return this;
    }

    static Frame of(Kind kind) {
        return new Frame(kind, new byte[0], List.of());
    }
}
