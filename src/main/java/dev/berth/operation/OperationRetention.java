package dev.berth.operation;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Forgets operations some time after they have ended. */
@ApplicationScoped
class OperationRetention {
    private static final Logger LOG = Logger.getLogger(OperationRetention.class);
    private final JdbcOperationStore store;
    private final Clock clock;
    private final Duration keep;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("operation-retention").factory());

    OperationRetention(JdbcOperationStore store, Clock clock, OperationSettings settings) {
        this.store = store;
        this.clock = clock;
        this.keep = settings.keep();
    }

    void start(@Observes @Priority(3100) Startup event) {
        timer.scheduleWithFixedDelay(this::sweep, 1, 60, TimeUnit.MINUTES);
    }

    void stop(@Observes Shutdown event) {
        timer.shutdownNow();
    }

    void sweep() {
        try {
            int gone = QuarkusTransaction.requiringNew()
                    .call(() -> store.deleteFinishedBefore(clock.instant().minus(keep)));
            if (gone > 0) {
                LOG.infof("Forgot %d operations that ended more than %s ago", gone, keep);
            }
        } catch (RuntimeException e) {
            LOG.warn("Old operations could not be deleted; the next hour tries again", e);
        }
    }
}
