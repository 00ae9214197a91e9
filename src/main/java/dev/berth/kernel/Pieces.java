package dev.berth.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A stream that goes on in pieces: while one is taken, the next is read. */
public final class Pieces {
    private Pieces() {}

    /** Who takes the pieces, one after the other. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * Takes a piece.
         *
         * @param offset of its first byte in the stream
         * @param last whether the stream ends with it
         */
        void take(byte[] piece, long offset, boolean last);
    }

    /**
     * Sends all of a stream, at least one piece, which is empty if the stream is. Returns, or throws what the stream or the
     * receiver threw, when no piece is being taken any more.
     *
     * @param size bytes of each piece but the last
     * @return bytes sent
     */
    public static long send(InputStream content, int size, Receiver receiver) throws IOException {
        try (ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Void> taken = CompletableFuture.completedFuture(null);
            long sent = 0;
            byte[] next = content.readNBytes(size);
            boolean last = false;
            while (!last) {
                byte[] piece = next;
                long offset = sent;
                next = piece.length < size ? new byte[0] : content.readNBytes(size);
                boolean end = next.length == 0;
                Threads.join(taken);
                taken = CompletableFuture.runAsync(() -> receiver.take(piece, offset, end), sender);
                sent += piece.length;
                last = end;
            }
            Threads.join(taken);
            return sent;
        }
    }
}
