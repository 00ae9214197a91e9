package dev.berth.operation;

import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the steps of one pass over an operation may ask for: its journal, and whether somebody wants it to end. */
final class RunContext implements StepContext {
    private static final String FIRST_FAILURE = "engine.unavailableSince";
    private static final Duration PROGRESS_PERIOD = Duration.ofMillis(200);
    private final OperationStore.Claim claim;
    private final OperationStore store;
    private final Clock clock;
    private final List<Runnable> atEnd = new ArrayList<>();
    private Journal journal;
    private boolean kept;
    private boolean cancelRequested;
    private boolean undoing;
    private Instant lastProgress = Instant.EPOCH;

    RunContext(OperationRecord operation, OperationStore.Claim claim, OperationStore store, Clock clock) {
        this.claim = claim;
        this.store = store;
        this.clock = clock;
        this.journal = operation.journal();
        this.cancelRequested = operation.cancelRequested();
    }

    Journal journal() {
        return journal;
    }

    void write(Journal next) {
        cancelRequested = store.journal(claim, next);
        journal = next;
        kept = false;
    }

    /** Goes on with this one; it is written with what comes next. */
    void keep(Journal next) {
        journal = next;
        kept = true;
    }

    /** Writes what was kept, for what comes next is of another kind. */
    void writeKept() {
        if (kept) {
            write(journal);
        }
    }

    /** What {@link #checkCancelled} would say, as of the last write. */
    void checkWritten() {
        if (cancelRequested) {
            throw cancelled();
        }
    }

    private static BerthException cancelled() {
        return BerthException.of(ErrorCode.CANCELLED, "The operation was cancelled.");
    }

    UndoRetries undoRetries() {
        return new UndoRetries(journal);
    }

    StepContext undoing() {
        undoing = true;
        return this;
    }

    /** A step went through, so what was away is back. */
    void settled() {
        if (journal.data().containsKey(FIRST_FAILURE)
                && !journal.data().get(FIRST_FAILURE).isEmpty()) {
            journal = journal.with(FIRST_FAILURE, "");
            store.waiting(claim, null);
        }
    }

    boolean patient(Duration patience) {
        String since = journal.data().getOrDefault(FIRST_FAILURE, "");
        if (since.isEmpty()) {
            write(journal.with(FIRST_FAILURE, clock.instant().toString()));
            return true;
        }
        return clock.instant().isBefore(Instant.parse(since).plus(patience));
    }

    @Override
    public UUID operationId() {
        return claim.operation();
    }

    @Override
    public ProgressSink progress() {
        return progress -> {
            Instant now = clock.instant();
            if (now.isBefore(lastProgress.plus(PROGRESS_PERIOD))) {
                return;
            }
            lastProgress = now;
            store.progress(claim, progress);
            if (!undoing) {
                checkCancelled();
            }
        };
    }

    @Override
    public void log(String line) {
        store.log(claim.operation(), line);
    }

    @Override
    public void put(String key, String value) {
        write(journal.with(key, value));
    }

    @Override
    public Optional<String> get(String key) {
        return Optional.ofNullable(journal.data().get(key));
    }

    @Override
    public void atEnd(Runnable write) {
        atEnd.add(write);
    }

    /** In the transaction in which the operation succeeds. */
    void writeAtEnd() {
        atEnd.forEach(Runnable::run);
    }

    @Override
    public void checkCancelled() {
        if (store.cancelRequested(claim.operation())) {
            throw cancelled();
        }
    }
}
