package dev.berth.oci;

import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The progress of several threads' work on one image; when one of them fails, the others end at their next report. */
final class Watch {
    private final ProgressSink sink;
    private final AtomicLong fetched = new AtomicLong();
    private final AtomicLong unpacked = new AtomicLong();
    private final long total;
    private volatile @Nullable RuntimeException failure;

    /** Watches work on so many bytes of blobs. */
    Watch(ProgressSink sink, long total) {
        this.sink = sink;
        this.total = total;
    }

    void fetched(long bytes) {
        report(Progress.bytes("fetching layers", fetched.addAndGet(bytes), total));
    }

    void unpacked(long bytes) {
        long done = unpacked.addAndGet(bytes);
        if (fetched.get() >= total) {
            report(Progress.bytes("unpacking layers", done, total));
        } else {
            check();
        }
    }

    void waiting() {
        check();
        report(Progress.stage("waiting for another pull of the same layer"));
    }

    private synchronized void report(Progress progress) {
        check();
        sink.report(progress);
    }

    void fail(RuntimeException reason) {
        failure = reason;
    }

    void check() {
        RuntimeException reason = failure;
        if (reason != null) {
            throw reason;
        }
    }
}
