package dev.berth.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What one thread has just written to the database and another one of this process is about to read there, so that it need
 * not. What is not taken for seconds is forgotten: by then another process may have changed it.
 */
public final class Handover<T> {
    /** Less than a controller's heart may stand still, so that nobody else has taken over what belongs to this one. */
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Left<T>(T thing, long since) {}

    private final Map<UUID, Left<T>> waiting = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    public Handover() {
        this(System::nanoTime);
    }

    /** @param nanoTime as of {@link System#nanoTime} */
    Handover(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private boolean isGood(Left<T> left) {
        return nanoTime.getAsLong() - left.since() < GOOD_NANOS;
    }

    /** To be called before the transaction commits: from then on it may be taken. */
    public void leave(UUID id, T thing) {
        waiting.values().removeIf(left -> !isGood(left));
        waiting.put(id, new Left<>(thing, nanoTime.getAsLong()));
    }

    /** The transaction was rolled back. */
    public void forget(UUID id) {
        waiting.remove(id);
    }

    /** At most once; empty for what has waited too long or was left elsewhere. */
    public Optional<T> take(UUID id) {
        return Optional.ofNullable(waiting.remove(id)).filter(this::isGood).map(Left::thing);
    }
}
