package dev.berth.operation;

import dev.berth.driver.Progress;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store of operations in memory, with the rules of the one in SQL. It may be cut off for a while. */
final class MemoryOperations implements OperationStore {
    private final Map<UUID, OperationRecord> rows = new LinkedHashMap<>();
    private final Map<UUID, UUID> runs = new LinkedHashMap<>();
    private final Set<UUID> cancelled = new HashSet<>();
    private final Clock clock;
    private int failing;

    MemoryOperations(Clock clock) {
        this.clock = clock;
    }

    void insert(OperationRecord operation) {
        rows.put(operation.id(), operation);
    }

    /** The next calls fail as if the database had gone. */
    void cutOff(int calls) {
        failing = calls;
    }

    boolean requestCancel(UUID id, boolean running) {
        OperationState state = get(id).state();
        return (state == OperationState.QUEUED || (running && state == OperationState.RUNNING)) && cancelled.add(id);
    }

    OperationRecord get(UUID id) {
        return Objects.requireNonNull(rows.get(id));
    }

    private void answer() {
        if (failing > 0) {
            failing--;
            throw BerthException.of(ErrorCode.DATABASE_UNAVAILABLE, "The database does not answer.");
        }
    }

    @Override
    public Optional<OperationRecord> load(UUID id) {
        answer();
        return Optional.ofNullable(rows.get(id));
    }

    @Override
    public Optional<Claimed> claim(UUID id) {
        answer();
        OperationRecord row = get(id);
        if (row.state().terminal() || (row.state() == OperationState.QUEUED && !first(row))) {
            return Optional.empty();
        }
        Claim claim = Claim.of(id);
        runs.put(id, claim.run());
        boolean begins = row.state() == OperationState.QUEUED
                && !cancelled.contains(id)
                && !row.journal().steps().isEmpty();
        OperationState state = row.state() == OperationState.QUEUED ? OperationState.RUNNING : row.state();
        Journal journal = begins ? row.journal().begin(row.journal().steps().getFirst()) : row.journal();
        rows.put(id, with(row, state, journal, row.failure(), row.waitingFor()));
        return Optional.of(new Claimed(get(id), claim));
    }

    private boolean first(OperationRecord row) {
        for (OperationRecord other : rows.values()) {
            if (other.id().equals(row.id())) {
                return true;
            }
            if (other.queueKey().equals(row.queueKey()) && !other.state().terminal()) {
                return false;
            }
        }
        throw new IllegalStateException("not a row: " + row);
    }

    private void change(Claim claim, UnaryOperator<OperationRecord> change) {
        answer();
        OperationRecord row = get(claim.operation());
        if (!claim.run().equals(runs.get(claim.operation())) || row.state().terminal()) {
            throw new Superseded(claim.operation());
        }
        rows.put(row.id(), change.apply(row));
    }

    @Override
    public boolean journal(Claim claim, Journal journal) {
        change(claim, row -> with(row, row.state(), journal, row.failure(), row.waitingFor()));
        return cancelled.contains(claim.operation());
    }

    @Override
    public void progress(Claim claim, @Nullable Progress progress) {
        change(claim, row -> row);
    }

    @Override
    public void waiting(Claim claim, @Nullable String reason) {
        change(claim, row -> with(row, row.state(), row.journal(), row.failure(), reason));
    }

    @Override
    public void undoing(Claim claim, OperationView.Failure failure) {
        change(claim, row -> with(row, OperationState.UNDOING, row.journal(), failure, null));
    }

    @Override
    public void finish(Claim claim, End end, Consumer<OperationRecord> inTransaction) {
        change(claim, row -> with(row, end.state(), end.journal(), end.failure(), null));
        inTransaction.accept(get(claim.operation()));
    }

    @Override
    public void log(UUID id, String line) {
        answer();
    }

    @Override
    public boolean cancelRequested(UUID id) {
        answer();
        return cancelled.contains(id);
    }

    @Override
    public Optional<UUID> next(UUID ended) {
        answer();
        return rows.values().stream()
                .filter(row -> row.queueKey().equals(get(ended).queueKey()) && row.state() == OperationState.QUEUED)
                .map(OperationRecord::id)
                .findFirst();
    }

    private OperationRecord with(
            OperationRecord row,
            OperationState state,
            Journal journal,
            OperationView.@Nullable Failure failure,
            @Nullable String waitingFor) {
        return new OperationRecord(
                row.id(),
                row.type(),
                row.parameters(),
                row.project(),
                row.subject(),
                row.queueKey(),
                row.actor(),
                state,
                cancelled.contains(row.id()),
                journal,
                row.progress(),
                waitingFor,
                failure,
                row.createdAt(),
                clock.instant(),
                state.terminal() ? clock.instant() : null);
    }
}
