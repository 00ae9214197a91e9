package dev.berth.rest;

import dev.berth.driver.StoredImage;
import dev.berth.kernel.Threads;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;

/**
 * A file that goes out piece by piece, as the node gives it; while one goes out, the next is read. The first piece is read before the answer begins, so that a
 * refusal is a problem and not a broken download.
 */
public final class Download {
    private Download() {}

    /**
     * The answer that holds the file.
     *
     * @param name what a browser calls it
     * @param read gives the piece that begins at an offset
     * @param end what to do when the last piece has gone out, or none can
     */
    public static Response of(String name, LongFunction<StoredImage.Chunk> read, Runnable end) {
        StoredImage.Chunk first;
        try {
            first = read.apply(0);
        } catch (RuntimeException e) {
            end.run();
            throw e;
        }
        StreamingOutput body = out -> {
            try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
                StoredImage.Chunk piece = first;
                long offset = piece.data().length;
                while (!piece.last()) {
                    long from = offset;
                    CompletableFuture<StoredImage.Chunk> next =
                            CompletableFuture.supplyAsync(() -> read.apply(from), reader);
                    out.write(piece.data());
                    piece = Threads.join(next);
                    offset += piece.data().length;
                }
                out.write(piece.data());
            } finally {
                end.run();
            }
        };
        return Response.ok(body)
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._-]", "_") + "\"")
                .build();
    }
}
