package dev.berth.operation;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.berth.kernel.Threads;
import dev.berth.settings.ControllerSettings;
import dev.berth.settings.StateSettings;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations through db-scheduler: one persistent task per operation, picked by one controller, taken over by another
 * when its heart stops beating.
 */
@ApplicationScoped
class OperationEngine {
    private static final TaskDescriptor<Void> TASK = TaskDescriptor.of("operation");
    /** Most of what runs only waits, for minutes even: for a guest to shut down, for a download, for a node that hangs. */
    private static final int THREADS = 128;

    private final JdbcOperationStore store;
    private final Sql sql;
    private final DataSource source;
    private final Clock clock;
    private final String controller;
    private final Map<String, OperationType<?>> types;
    private final AtomicInteger running = new AtomicInteger();
    /** Most threads were busy a moment ago. */
    private volatile boolean crowded;

    private @Nullable Scheduler scheduler;

    OperationEngine(
            JdbcOperationStore store,
            Sql sql,
            DataSource source,
            Clock clock,
            @Any Instance<OperationType<?>> types,
            ControllerSettings settings,
            StateSettings state) {
        this.store = store;
        this.sql = sql;
        this.source = source;
        this.clock = clock;
        this.controller = settings.name().orElseGet(() -> defaultName(state.directory()));
        this.types = types.stream().collect(Collectors.toMap(OperationType::name, Function.identity()));
    }

    /** The same after a restart, and another one for every other controller. */
    private static String defaultName(Path state) {
        try {
            return InetAddress.getLocalHost().getHostName() + ":"
                    + state.toAbsolutePath().normalize();
        } catch (UnknownHostException e) {
            return "localhost:" + state.toAbsolutePath().normalize();
        }
    }

    /** Empty for a type that only another version of Berth knows. */
    Optional<OperationType<?>> type(String name) {
        return Optional.ofNullable(types.get(name));
    }

    void start(@Observes @Priority(3000) Startup event) {
        OperationRunner runner =
                new OperationRunner(store, this::type, clock, Duration.ofMinutes(10), CrashPoint.fromEnvironment());
        // A run fails only when the database does not answer: its journal is safe, so it goes on soon.
        CustomTask<Void> task = Tasks.custom(TASK)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(2)))
                .execute((instance, context) -> counted(() -> run(runner, instance)));
        // What a killed run of this very controller had picked is its own again; other controllers wait for heartbeats.
        sql.update("update scheduled_tasks set picked = false, picked_by = null where picked_by = ?", controller);
        Scheduler built = Scheduler.create(source, task)
                .schedulerName(new SchedulerName.Fixed(controller))
                .threads(THREADS)
                .executorService(Threads.shared(Threads.daemons("operations")))
                .pollUsingLockAndFetch(0.5, 1.0)
                .pollingInterval(Duration.ofSeconds(1))
                .heartbeatInterval(Duration.ofSeconds(5))
                .missedHeartbeatsLimit(4)
                .shutdownMaxWait(Duration.ofSeconds(5))
                .build();
        built.start();
        scheduler = built;
    }

    void stop(@Observes Shutdown event) {
        Scheduler stopping = scheduler;
        if (stopping != null) {
            stopping.stop();
        }
    }

    /** Adds the operation to the schedule, in the caller's transaction. */
    void schedule(UUID id) {
        sql.later(
                "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority)"
                        + " values ('operation', ?, ?, false, 1, 50) on conflict do nothing",
                id.toString(),
                clock.instant());
    }

    /** Makes due operations begin now instead of at the next poll. */
    void wake() {
        Scheduler there = scheduler;
        if (there != null) {
            there.triggerCheckForDueExecutions();
        }
    }

    /**
     * The scheduler forgets a {@link #wake} for which it has no thread, and looks again at the next poll only, unless it knows
     * of more work already ({@code LockAndFetchCandidates}). So it is woken once more when there is room again.
     */
    private CompletionHandler<Void> counted(Supplier<CompletionHandler<Void>> work) {
        if (running.incrementAndGet() > THREADS / 2) {
            crowded = true;
        }
        try {
            return work.get();
        } finally {
            if (running.decrementAndGet() <= THREADS / 2 && crowded) {
                crowded = false;
                wake();
            }
        }
    }

    private CompletionHandler<Void> run(OperationRunner runner, TaskInstance<Void> instance) {
        UUID id = UUID.fromString(instance.getId());
        return switch (runner.run(id)) {
            case OperationRunner.Outcome.Later later ->
                (complete, operations) ->
                        operations.reschedule(complete, clock.instant().plus(later.delay()));
            case OperationRunner.Outcome.Ended ended -> {
                store.next(id).ifPresent(this::advance);
                yield (complete, operations) -> operations.remove();
            }
        };
    }

    private void advance(UUID next) {
        QuarkusTransaction.requiringNew().run(() -> hurry(next));
        wake();
    }

    /** Makes an operation due, in the caller's transaction. */
    void hurry(UUID id) {
        Instant now = clock.instant();
        sql.update(
                "update scheduled_tasks set execution_time = ? where task_name = 'operation' and task_instance = ?"
                        + " and not picked and execution_time > ?",
                now,
                id.toString(),
                now);
    }
}
