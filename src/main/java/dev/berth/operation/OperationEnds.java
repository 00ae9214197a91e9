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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Wakes those who wait for an operation's end: at once when it ends here, by the feed when another controller ends it. */
@ApplicationScoped
class OperationEnds {
    private final Map<UUID, Set<CountDownLatch>> waiting = new ConcurrentHashMap<>();
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

    CountDownLatch expect(UUID id) {
        CountDownLatch latch = new CountDownLatch(1);
        // Within the map, so that an end that is told of at this moment is not missed.
        waiting.compute(id, (key, known) -> {
            Set<CountDownLatch> latches = known == null ? ConcurrentHashMap.newKeySet() : known;
            latches.add(latch);
            return latches;
        });
        return latch;
    }

    void forget(UUID id, CountDownLatch latch) {
        waiting.computeIfPresent(id, (key, latches) -> {
            latches.remove(latch);
            return latches.isEmpty() ? null : latches;
        });
    }

    private void notice(List<Event> events) {
        for (Event event : events) {
            if (event.type().equals("operation.updated")
                    && hasEnded(event.data().get("state"))) {
                ended(event.subject().id());
            }
        }
    }

    private static boolean hasEnded(@Nullable Object state) {
        return state != null && OperationState.valueOf(state.toString()).terminal();
    }

    /** To be called when an operation has ended; waking somebody in vain does no harm. */
    void ended(UUID id) {
        Set<CountDownLatch> latches = waiting.remove(id);
        if (latches != null) {
            latches.forEach(CountDownLatch::countDown);
        }
    }
}
