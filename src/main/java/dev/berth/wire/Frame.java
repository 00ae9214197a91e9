package dev.berth.wire;

import java.util.List;

/**
 * One message on the wire.
 *
 * @param json UTF-8 JSON, in which byte arrays stand as their index
 * @param attachments the byte arrays, raw
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record Frame(Kind kind, byte[] json, List<byte[]> attachments) {
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

    static Frame of(Kind kind) {
        return new Frame(kind, new byte[0], List.of());
    }
}
