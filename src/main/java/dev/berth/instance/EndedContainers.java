package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Deletes containers that are to be removed when their process has ended, with the volumes that go with them. It looks for
 * them instead of waiting for an event, so that none is forgotten when a controller was away.
 */
@ApplicationScoped
class EndedContainers {
    private static final Logger LOG = Logger.getLogger(EndedContainers.class);
    private static final long PERIOD_MILLIS = 2000;
    private final Sql sql;
    private final InstanceStore store;
    private final InstanceSubmission submission;
    private final DeleteInstance deleteInstance;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ended-containers").factory());

    EndedContainers(Sql sql, InstanceStore store, InstanceSubmission submission, DeleteInstance deleteInstance) {
        this.sql = sql;
        this.store = store;
        this.submission = submission;
        this.deleteInstance = deleteInstance;
    }

    void start(@Observes @Priority(3100) Startup event) {
        timer.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes Shutdown event) {
        timer.shutdownNow();
    }

    private void look() {
        try {
            // While an operation is under way it decides whether the end is one: a restart has one in its middle.
            sql.query(
                            row -> row.getObject(1, UUID.class),
                            "select i.id from instance i join instance_observed o on o.instance = i.id"
                                    + " where i.spec @> '{\"removeOnExit\": true}' and i.phase = 'READY'"
                                    + " and o.state in ('STOPPED', 'CRASHED') and o.exit is not null and not exists"
                                    + " (select 1 from operation q where q.queue_key = 'instance:' || i.id"
                                    + " and q.finished_at is null) limit 100")
                    .forEach(this::delete);
        } catch (RuntimeException e) {
            boolean away = e instanceof BerthException known && known.code() == ErrorCode.DATABASE_UNAVAILABLE;
            LOG.log(away ? Logger.Level.DEBUG : Logger.Level.WARN, "looking for ended containers failed", e);
        }
    }

    private void delete(UUID id) {
        try {
            QuarkusTransaction.requiringNew().run(() -> store.lock(id)
                    .filter(instance -> instance.phase() == Instance.Phase.READY)
                    .ifPresent(instance -> {
                        store.phase(instance, Instance.Phase.DELETING, Caller.SYSTEM.name());
                        submission.submit(
                                Uuids.next(),
                                deleteInstance,
                                new DeleteInstance.Parameters(id, Caller.SYSTEM.name(), DeleteInstance.Fate.REMOVE),
                                instance,
                                Caller.SYSTEM);
                    }));
        } catch (BerthException e) {
            if (e.code() != ErrorCode.NODE_UNAVAILABLE) {
                throw e;
            }
            // Nobody has a link to its node; it goes when the node comes back or is forgotten.
            LOG.debugf(e, "ended container %s stays", id);
        }
    }
}
