package dev.berth.event.rest;

import dev.berth.driver.Subscription;
import dev.berth.event.Event;
import dev.berth.event.EventFeed;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One client's live stream. It reads the feed from its own position whenever the feed rings, so nothing is lost or doubled
 * between history and live, and a slow client costs memory for one page only.
 */
final class EventStream {
    private static final Logger LOG = Logger.getLogger(EventStream.class);
    private static final int PAGE = 200;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private final EventFeed feed;
    private final String typePrefix;
    private final Sse sse;
    private final MultiEmitter<? super OutboundSseEvent> out;
    private final Semaphore bell = new Semaphore(1);
    private long position;

    private EventStream(
            EventFeed feed, long position, String typePrefix, Sse sse, MultiEmitter<? super OutboundSseEvent> out) {
        this.feed = feed;
        this.position = position;
        this.typePrefix = typePrefix;
        this.sse = sse;
        this.out = out;
    }

    static Multi<OutboundSseEvent> open(EventFeed feed, long position, String typePrefix, Sse sse) {
        return Multi.createFrom().emitter(emitter -> {
            EventStream stream = new EventStream(feed, position, typePrefix, sse, emitter);
            Thread thread = Thread.ofVirtual().name("sse").start(stream::run);
            emitter.onTermination(thread::interrupt);
        });
    }

    private void run() {
        Subscription ringing = feed.follow(events -> ring());
        try {
            if (position < feed.oldest() - 1) {
                out.emit(sse.newEventBuilder()
                        .name("reset")
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(Map.of("oldest", feed.oldest()))
                        .build());
                position = feed.newest();
            }
            while (!out.isCancelled()) {
                if (!deliver() && !bell.tryAcquire(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                    out.emit(sse.newEventBuilder().comment("still here").build());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debugf(e, "an event stream ended");
            out.fail(e);
        } finally {
            ringing.close();
        }
    }

    private void ring() {
        if (bell.availablePermits() == 0) {
            bell.release();
        }
    }

    private boolean deliver() {
        List<Event> events = feed.after(position, PAGE);
        for (Event event : events) {
            if (event.type().startsWith(typePrefix)) {
                out.emit(sse.newEventBuilder()
                        .id(Long.toString(event.sequence()))
                        .name(event.type())
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(event)
                        .build());
            }
            position = event.sequence();
        }
        return !events.isEmpty();
    }
}
