package dev.berth.driver;

/** Where long work reports how far it is. Implementations are cheap and may drop reports that come too often. */
@FunctionalInterface
public interface ProgressSink {
    ProgressSink NONE = progress -> {};

    /**
     * Reports progress.
     *
     * @throws dev.berth.kernel.BerthException with code CANCELLED when the work shall end now
     */
    void report(Progress progress);
}
