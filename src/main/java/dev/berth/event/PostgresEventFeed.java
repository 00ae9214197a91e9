package dev.berth.event;

import dev.berth.driver.Subscription;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** The feed on PostgreSQL: a thread that sleeps in LISTEN, numbers new events and hands them to the followers. */
@ApplicationScoped
class PostgresEventFeed implements EventFeed {
    private static final Logger LOG = Logger.getLogger(PostgresEventFeed.class);
    private static final int BATCH = 500;
    /**
     * Events come in bursts; one round for several of them is worth a delay that nobody sees, and the beginning and the end of
     * a short operation come together.
     */
    private static final int GATHERING_MILLIS = 50;

    private final EventReader reader;
    private final DataSource source;
    private final Clock clock;
    private final Duration keep;
    private final List<Consumer<List<Event>>> followers = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;
    private @Nullable Thread thread;
    private long position = -1;
    private Instant nextSweep = Instant.EPOCH;

    PostgresEventFeed(EventReader reader, DataSource source, Clock clock, EventSettings settings) {
        this.reader = reader;
        this.source = source;
        this.clock = clock;
        this.keep = settings.keep();
    }

    void start(@Observes @Priority(2800) Startup event) {
        thread = Thread.ofPlatform().daemon().name("event-feed").start(this::run);
    }

    void stop(@Observes Shutdown event) {
        stopped = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public List<Event> after(long sequence, int limit) {
        return reader.after(sequence, limit);
    }

    @Override
    public long oldest() {
        return reader.oldest();
    }

    @Override
    public long newest() {
        return reader.newest();
    }

    @Override
    public Subscription follow(Consumer<List<Event>> listener) {
        followers.add(listener);
        return () -> followers.remove(listener);
    }

    private void run() {
        while (!stopped) {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("listen berth_event");
                listen(connection.unwrap(PGConnection.class));
            } catch (SQLException | RuntimeException e) {
                if (!stopped) {
                    LOG.warnf("The event feed lost the database (%s); it goes on when that is back", e.getMessage());
                    pause(500);
                }
            }
        }
    }

    private void listen(PGConnection connection) throws SQLException {
        if (position < 0) {
            position = reader.newest();
        }
        while (!stopped) {
            boolean more = deliver();
            sweep();
            // An open transaction holds numbers back without a bell of its own, so look again soon.
            int patience = more ? 1 : reader.unnumbered() ? 10 : 1000;
            PGNotification[] rung = connection.getNotifications(patience);
            if (rung != null && rung.length > 0) {
                pause(GATHERING_MILLIS);
                connection.getNotifications(); // those of the same burst
            }
        }
    }

    private boolean deliver() {
        reader.number();
        List<Event> events = reader.after(position, BATCH);
        if (events.isEmpty()) {
            return false;
        }
        for (Consumer<List<Event>> follower : followers) {
            try {
                follower.accept(events);
            } catch (RuntimeException e) {
                LOG.error("a follower of the event feed failed", e);
            }
        }
        position = events.getLast().sequence();
        return events.size() == BATCH;
    }

    private void sweep() {
        if (clock.instant().isAfter(nextSweep)) {
            nextSweep = clock.instant().plus(Duration.ofMinutes(10));
            QuarkusTransaction.requiringNew()
                    .run(() -> reader.deleteBefore(clock.instant().minus(keep)));
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
