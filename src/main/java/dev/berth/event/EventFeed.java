package dev.berth.event;

import dev.berth.driver.Subscription;
import java.util.List;
import java.util.function.Consumer;

/** The one feed that everybody follows. An event appears only after its transaction and all earlier ones have ended. */
public interface EventFeed {
    /** Events after a position, oldest first. */
    List<Event> after(long sequence, int limit);

    /** The oldest position that is still kept; a reader that is behind it has lost events. */
    long oldest();

    /** The newest position that readers may see. */
    long newest();

    /**
     * Follows the feed from now on. Batches arrive in order, usually within 100 ms of the commit, on the feed's own
     * thread; a listener must not block.
     */
    Subscription follow(Consumer<List<Event>> listener);
}
