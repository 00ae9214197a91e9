package dev.berth.instance.rest;

import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.Subscription;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceView;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A log that is followed. A slow reader holds the node back for a while and is then cut off, so that memory stays bounded;
 * each takes one of the server's threads, so there is a limit to their number.
 */
final class LogStream implements StreamingOutput {
    private static final int MOST = 64;
    private static final int WAITING = 1000;
    private static final long SLOWEST_SECONDS = 30;
    private static final int IDLE_SECONDS = 15;
    private static final Semaphore PLACES = new Semaphore(MOST);
    private final InstanceAccess access;
    private final InstanceView instance;
    private final LogQuery query;
    private final LogWriter writer;
    private final HttpServerResponse response;
    private final BlockingQueue<LogRecord> waiting = new ArrayBlockingQueue<>(WAITING);
    private volatile @Nullable Subscription subscription;
    private volatile boolean over;

    LogStream(
            InstanceAccess access,
            InstanceView instance,
            LogQuery query,
            LogWriter writer,
            HttpServerResponse response) {
        this.access = access;
        this.instance = instance;
        this.query = query;
        this.writer = writer;
        this.response = response;
        if (!PLACES.tryAcquire()) {
            throw BerthException.of(
                    ErrorCode.NO_CAPACITY, MOST + " logs are followed already; close one, or read without follow.");
        }
    }

    @Override
    public void write(OutputStream out) throws IOException {
        Thread.ofVirtual().name("log-follow").start(this::follow);
        try {
            out.write(writer.prelude());
            out.flush();
            int idle = 0;
            while (!over || !waiting.isEmpty()) {
                LogRecord record = waiting.poll(1, TimeUnit.SECONDS);
                idle = record == null ? idle + 1 : 0;
                if (record != null) {
                    out.write(writer.line(record));
                    if (waiting.isEmpty()) {
                        out.flush();
                    }
                } else if (isAtAnEnd()) {
                    return;
                } else if (idle % IDLE_SECONDS == 0) {
                    out.write(writer.idle());
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
            PLACES.release();
        }
    }

    private boolean isAtAnEnd() {
        Subscription followed = subscription;
        return response.closed() || followed != null && !followed.isOpen();
    }

    private void follow() {
        try {
            Subscription begun = access.followLog(instance, query, this::take);
            subscription = begun;
            if (over) {
                begun.close();
            }
        } catch (BerthException e) {
            // The instance went between the first look and now; what it said was sent.
            over = true;
        }
    }

    private void take(LogRecord record) {
        try {
            if (!over && !waiting.offer(record, SLOWEST_SECONDS, TimeUnit.SECONDS)) {
                end();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        over = true;
        Subscription followed = subscription;
        if (followed != null) {
            followed.close();
        }
    }
}
