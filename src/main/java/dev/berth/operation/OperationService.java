package dev.berth.operation;

import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The engine's front: writes, reads, cancels and waits for operations. */
@ApplicationScoped
class OperationService implements Operations {
    private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(2);

    private final JdbcOperationStore store;
    private final OperationEngine engine;
    private final OperationEnds ends;
    private final TransactionSynchronizationRegistry transactions;
    private final Clock clock;

    OperationService(
            JdbcOperationStore store,
            OperationEngine engine,
            OperationEnds ends,
            TransactionSynchronizationRegistry transactions,
            Clock clock) {
        this.store = store;
        this.engine = engine;
        this.ends = ends;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public <P extends Record> OperationView submit(OperationRequest<P> request) {
        return write(request, false);
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public <P extends Record> OperationView begin(OperationRequest<P> request) {
        return write(request, true);
    }

    private <P extends Record> OperationView write(OperationRequest<P> request, boolean first) {
        Journal journal = Journal.of(request.type().steps(request.parameters()).stream()
                .map(Step::name)
                .toList());
        boolean begins = first && !journal.steps().isEmpty();
        Instant now = clock.instant();
        OperationRecord operation = new OperationRecord(
                request.id(),
                request.type().name(),
                BerthJson.text(request.parameters()),
                request.project(),
                request.subject(),
                request.queueKey(),
                request.actor(),
                begins ? OperationState.RUNNING : OperationState.QUEUED,
                false,
                begins ? journal.begin(journal.steps().getFirst()) : journal,
                null,
                null,
                null,
                now,
                begins ? now : null,
                null);
        if (begins) {
            store.insert(new OperationStore.Claimed(operation, OperationStore.Claim.of(operation.id())));
            transactions.registerInterposedSynchronization(
                    new After(Status.STATUS_ROLLEDBACK, () -> store.forget(operation.id())));
        } else {
            store.insert(operation);
        }
        engine.schedule(operation.id());
        transactions.registerInterposedSynchronization(new After(Status.STATUS_COMMITTED, engine::wake));
        return operation.view(request.type().cancelable());
    }

    @Override
    public Optional<OperationView> find(UUID id) {
        return store.load(id).map(this::view);
    }

    @Override
    public List<OperationView> list(OperationFilter filter) {
        return store.list(filter).stream().map(this::view).toList();
    }

    @Override
    public List<LogLine> log(UUID id) {
        return store.log(id);
    }

    @Override
    public OperationView cancel(UUID id) {
        OperationView operation = find(id).orElseThrow(() -> BerthException.notFound("operation", id));
        boolean running = isCancelable(operation.type());
        boolean asked = operation.cancelable()
                && QuarkusTransaction.requiringNew().call(() -> store.requestCancel(id, running));
        if (!asked) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "The operation is " + operation.state().name().toLowerCase(Locale.ROOT)
                            + " and cannot be cancelled now.");
        }
        engine.wake();
        return find(id).orElse(operation);
    }

    @Override
    @Transactional
    public OperationView giveUp(UUID id, String actor) {
        OperationView operation = find(id).orElseThrow(() -> BerthException.notFound("operation", id));
        return abandon(id, endsFrom(operation), actor)
                .map(this::view)
                .orElseThrow(() -> BerthException.of(
                        ErrorCode.WRONG_STATE,
                        "The operation is " + operation.state().name().toLowerCase(Locale.ROOT)
                                + "; only one that is being undone, or that only another version of Berth knows, can"
                                + " be given up."));
    }

    @Override
    public boolean canBeGivenUp(OperationView operation) {
        return endsFrom(operation).contains(operation.state());
    }

    /** The states in which it may be given up. Nobody here will go on with what only another version knows. */
    private List<OperationState> endsFrom(OperationView operation) {
        return engine.type(operation.type()).isPresent()
                ? List.of(OperationState.UNDOING)
                : List.of(OperationState.RUNNING, OperationState.UNDOING);
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void abandonAllOf(UUID subject, String actor) {
        List<OperationState> open = List.of(OperationState.QUEUED, OperationState.RUNNING, OperationState.UNDOING);
        store.openOf(subject).forEach(id -> abandon(id, open, actor));
    }

    /** Empty if it is in none of these states. */
    private Optional<OperationRecord> abandon(UUID id, List<OperationState> from, String actor) {
        OperationView.Failure failure = new OperationView.Failure(
                ErrorCode.CANCELLED.slug(), "The operation was given up by " + actor + ".", Map.of());
        Optional<OperationRecord> abandoned = store.abandon(id, from, failure);
        abandoned.ifPresent(ended -> {
            engine.type(ended.type()).ifPresent(type -> finish(type, ended));
            List<String> left = ended.journal().toUndo();
            String kept = left.isEmpty() ? "" : " Not taken back: " + String.join(", ", left) + ".";
            store.note(id, "Given up by " + actor + "." + kept);
            engine.hurry(id);
            transactions.registerInterposedSynchronization(new After(Status.STATUS_COMMITTED, () -> {
                ends.ended(ended);
                engine.wake();
            }));
        });
        return abandoned;
    }

    private static <P extends Record> void finish(OperationType<P> type, OperationRecord ended) {
        type.finished(ended.parametersOf(type), ended.view(false));
    }

    @Override
    public CompletionStage<OperationView> ended(UUID id, Duration timeout) {
        Wait wait = new Wait(id, System.nanoTime() + timeout.toNanos());
        wait.look();
        return wait.result;
    }

    /** One who waits for an operation's end, without a thread. */
    private final class Wait {
        private final UUID id;
        private final long end;
        private final CompletableFuture<OperationView> result = new CompletableFuture<>();

        Wait(UUID id, long end) {
            this.id = id;
            this.end = end;
        }

        void look() {
            CompletableFuture<Optional<OperationRecord>> signal = ends.expect(id);
            try {
                OperationView operation = find(id).orElseThrow(() -> BerthException.notFound("operation", id));
                long left = end - System.nanoTime();
                if (operation.state().terminal() || left <= 0) {
                    ends.forget(id, signal);
                    result.complete(operation);
                } else {
                    lookAgain(signal, left);
                }
            } catch (RuntimeException e) {
                ends.forget(id, signal);
                result.completeExceptionally(e);
            }
        }

        /** When the signal comes from this controller or its feed; the limit covers a feed that is behind. */
        private void lookAgain(CompletableFuture<Optional<OperationRecord>> signal, long left) {
            signal.completeOnTimeout(Optional.empty(), Math.min(left, LOOK_AGAIN), TimeUnit.NANOSECONDS)
                    .thenAccept(ended -> {
                        ends.forget(id, signal);
                        ended.ifPresentOrElse(
                                operation -> result.complete(view(operation)),
                                () -> Infrastructure.getDefaultWorkerPool().execute(this::look));
                    });
        }
    }

    private OperationView view(OperationRecord operation) {
        return operation.view(isCancelable(operation.type()));
    }

    private boolean isCancelable(String type) {
        return engine.type(type).map(OperationType::cancelable).orElse(false);
    }

    /** Runs something once the transaction has ended in one way. */
    private record After(int wanted, Runnable action) implements Synchronization {
        @Override
        public void beforeCompletion() {}

        @Override
        public void afterCompletion(int status) {
            if (status == wanted) {
                action.run();
            }
        }
    }
}
