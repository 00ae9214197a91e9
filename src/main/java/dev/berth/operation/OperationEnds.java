package dev.berth.operation;

import dev.berth.driver.Subscription;
import dev.berth.event.Event;
import dev.berth.event.EventFeed;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Wakes those who wait for an operation's end: at once when it ends here, by the feed when another controller ends it. */
@ApplicationScoped
class OperationEnds {
    private final Map<UUID, Set<CompletableFuture<Optional<OperationRecord>>>> waiting = new ConcurrentHashMap<>();
    private final EventFeed feed;
    private @Nullable Subscription subscription;

    OperationEnds(EventFeed feed) {
        this.feed = feed;
    }

    void start(@Observes @Priority(2900) Startup event) {
        subscription = feed.follow(this::notice);
    }

    void stop(@Observes Shutdown event) {
        Subscription running = subscription;
        if (running != null) {
            running.close();
        }
    }

    /** What is completed when the operation has ended, on the thread that ended it, with it if it ended here. */
    CompletableFuture<Optional<OperationRecord>> expect(UUID id) {
        CompletableFuture<Optional<OperationRecord>> signal = new CompletableFuture<>();
        // Within the map, so that an end that is told of at this moment is not missed.
        waiting.compute(id, (key, known) -> {
            Set<CompletableFuture<Optional<OperationRecord>>> signals =
                    known == null ? ConcurrentHashMap.newKeySet() : known;
            signals.add(signal);
            return signals;
        });
        return signal;
    }

    void forget(UUID id, CompletableFuture<Optional<OperationRecord>> signal) {
        waiting.computeIfPresent(id, (key, signals) -> {
            signals.remove(signal);
            return signals.isEmpty() ? null : signals;
        });
    }

    private void notice(List<Event> events) {
        for (Event event : events) {
            if (event.type().equals("operation.updated")
                    && hasEnded(event.data().get("state"))) {
                ended(event.subject().id(), Optional.empty());
            }
        }
    }

    private static boolean hasEnded(@Nullable Object state) {
        return state != null && OperationState.valueOf(state.toString()).terminal();
    }

    /** To be called when an operation has ended; waking somebody in vain does no harm. */
    void ended(OperationRecord operation) {
        ended(operation.id(), Optional.of(operation));
    }

    private void ended(UUID id, Optional<OperationRecord> operation) {
        Set<CompletableFuture<Optional<OperationRecord>>> signals = waiting.remove(id);
        if (signals != null) {
            signals.forEach(signal -> signal.complete(operation));
        }
    }
}
