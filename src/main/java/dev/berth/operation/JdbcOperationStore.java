package dev.berth.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.driver.Progress;
import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.json.BerthJson;
import dev.berth.kernel.Handover;
import dev.berth.kernel.Subject;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Operations as rows; every change that people see is an {@code operation.updated} event in the same transaction. */
@ApplicationScoped
class JdbcOperationStore implements OperationStore {
    private final Sql sql;
    private final Outbox outbox;
    private final OperationEnds ends;
    private final Clock clock;
    private final Handover<Claimed> begun = new Handover<>();

    JdbcOperationStore(Sql sql, Outbox outbox, OperationEnds ends, Clock clock) {
        this.sql = sql;
        this.outbox = outbox;
        this.ends = ends;
        this.clock = clock;
    }

    /** One that waits for its turn. */
    void insert(OperationRecord operation) {
        insert(operation, null);
    }

    /**
     * One that has begun, for a run of this controller. That needs no claim, for the transaction has named it; another
     * controller claims the operation as it claims what a dead one leaves.
     */
    void insert(Claimed claimed) {
        insert(claimed.operation(), claimed.claim().run());
        begun.leave(claimed.operation().id(), claimed);
    }

    /** One that has begun in a transaction that was rolled back. */
    void forget(UUID id) {
        begun.forget(id);
    }

    private void insert(OperationRecord operation, @Nullable UUID run) {
        sql.later(
                "insert into operation (id, type, parameters, project, subject_kind, subject_id, subject_name, queue_key,"
                        + " actor, state, journal, created_at, started_at, run)"
                        + " values (?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?)",
                operation.id(),
                operation.type(),
                operation.parameters(),
                operation.project(),
                operation.subject().kind(),
                operation.subject().id(),
                operation.subject().name(),
                operation.queueKey(),
                operation.actor(),
                operation.state().name(),
                BerthJson.text(operation.journal()),
                operation.createdAt(),
                operation.startedAt(),
                run);
        announce(operation);
    }

    @Override
    public Optional<OperationRecord> load(UUID id) {
        return sql.one(JdbcOperationStore::read, "select * from operation where id = ?", id);
    }

    List<OperationRecord> list(OperationFilter filter) {
        return sql.query(
                JdbcOperationStore::read,
                "select * from operation where (?::uuid is null or project = ?) and (?::uuid is null or subject_id = ?)"
                        + " and (?::boolean is null or (state in ('QUEUED', 'RUNNING', 'UNDOING')) = ?)"
                        + " and (?::uuid is null or id < ?) order by id desc limit ?",
                filter.project(),
                filter.project(),
                filter.subject(),
                filter.subject(),
                filter.active(),
                filter.active(),
                filter.before(),
                filter.before(),
                filter.limit());
    }

    List<LogLine> log(UUID id) {
        return sql.query(
                row -> new LogLine(row.getTimestamp("at").toInstant(), row.getString("text")),
                "select at, text from (select * from operation_log where operation = ? order by line desc limit 1000)"
                        + " order by line",
                id);
    }

    @Override
    public Optional<Claimed> claim(UUID id) {
        return begun.take(id).or(() -> {
            Claim claim = Claim.of(id);
            return claim(id, claim.run()).map(operation -> new Claimed(operation, claim));
        });
    }

    private Optional<OperationRecord> claim(UUID id, UUID run) {
        return written(() -> {
            sql.later("select pg_advisory_xact_lock(hashtextextended(queue_key, 0)) from operation where id = ?", id);
            Optional<OperationRecord> first = sql.one(
                    JdbcOperationStore::read,
                    "update operation o set state = 'RUNNING', started_at = ?, run = ?,"
                            + " journal = case when cancel_requested then journal"
                            + " else jsonb_set(journal, '{current}', coalesce(journal->'steps'->0, 'null')) end"
                            + " where id = ? and state = 'QUEUED'"
                            + " and not exists (select 1 from operation p where p.queue_key = o.queue_key and p.id <> o.id"
                            + " and (p.state in ('RUNNING', 'UNDOING') or (p.state = 'QUEUED' and p.seq < o.seq)))"
                            + " returning *",
                    clock.instant(),
                    run,
                    id);
            first.ifPresent(this::announce);
            return first.or(() -> sql.one(
                    JdbcOperationStore::read,
                    "update operation set run = ? where id = ? and state in ('RUNNING', 'UNDOING') returning *",
                    run,
                    id));
        });
    }

    @Override
    public boolean journal(Claim claim, Journal journal) {
        return change(claim, "journal = ?::jsonb", BerthJson.text(journal)).cancelRequested();
    }

    @Override
    public void progress(Claim claim, @Nullable Progress progress) {
        written(() -> {
            sql.commitAsynchronously();
            return announced(set(claim, "progress = ?::jsonb", progress == null ? null : BerthJson.text(progress)));
        });
    }

    @Override
    public void waiting(Claim claim, @Nullable String reason) {
        change(claim, "waiting_for = ?", reason);
    }

    @Override
    public void undoing(Claim claim, OperationView.Failure failure) {
        change(claim, "state = 'UNDOING', failure = ?::jsonb, waiting_for = null", BerthJson.text(failure));
    }

    @Override
    public void finish(Claim claim, End end, Consumer<OperationRecord> inTransaction) {
        OperationView.Failure failure = end.failure();
        OperationRecord finished = written(() -> {
            // If it is lost, then what runs this operation anew does its last step, or its undoing, once more.
            sql.commitAsynchronously();
            OperationRecord ended = set(
                    claim,
                    "state = ?, journal = ?::jsonb, failure = ?::jsonb, waiting_for = null, finished_at = ?",
                    end.state().name(),
                    BerthJson.text(end.journal()),
                    failure == null ? null : BerthJson.text(failure),
                    clock.instant());
            inTransaction.accept(ended);
            return announced(ended);
        });
        ends.ended(finished);
    }

    private OperationRecord change(Claim claim, String assignments, @Nullable Object... values) {
        return written(() -> announced(set(claim, assignments, values)));
    }

    /** In a transaction of its own; a runner has to know a database that is away from other failures. */
    private <T> T written(Supplier<T> work) {
        return QuarkusTransaction.requiringNew().call(() -> {
            T result = work.get();
            sql.send();
            return result;
        });
    }

    private OperationRecord set(Claim claim, String assignments, @Nullable Object... values) {
        @Nullable Object[] parameters = Arrays.copyOf(values, values.length + 2);
        parameters[values.length] = claim.operation();
        parameters[values.length + 1] = claim.run();
        return sql.one(
                        JdbcOperationStore::read,
                        "update operation set " + assignments
                                + " where id = ? and run = ? and state in ('RUNNING', 'UNDOING') returning *",
                        parameters)
                .orElseThrow(() -> new Superseded(claim.operation()));
    }

    @Override
    public void log(UUID id, String line) {
        written(() -> {
            note(id, line);
            return line;
        });
    }

    /** The same in the caller's transaction. */
    void note(UUID id, String line) {
        sql.later(
                "insert into operation_log (operation, at, text) values (?, ?, ?)",
                id,
                clock.instant(),
                line.length() > 2000 ? line.substring(0, 2000) : line);
    }

    /**
     * Marks it; a queued one ends at once when its turn is asked for.
     *
     * @param running whether one that runs may be cancelled too
     */
    boolean requestCancel(UUID id, boolean running) {
        Optional<OperationRecord> changed = sql.one(
                JdbcOperationStore::read,
                "update operation set cancel_requested = true where id = ?"
                        + " and (state = 'QUEUED' or (state = 'RUNNING' and ?)) returning *",
                id,
                running);
        changed.ifPresent(this::announce);
        return changed.isPresent();
    }

    /** The operations of a subject that have not ended, oldest first. */
    List<UUID> openOf(UUID subject) {
        return sql.query(
                row -> row.getObject(1, UUID.class),
                "select id from operation where subject_id = ? and finished_at is null order by seq",
                subject);
    }

    /** Ends it as failed, whoever works on it; empty if it is in none of these states. In the caller's transaction. */
    Optional<OperationRecord> abandon(UUID id, List<OperationState> from, OperationView.Failure failure) {
        Optional<OperationRecord> ended = sql.one(
                JdbcOperationStore::read,
                "update operation set state = 'FAILED', run = null, failure = coalesce(failure, ?::jsonb), waiting_for = null,"
                        + " finished_at = ? where id = ? and state = any(?) returning *",
                BerthJson.text(failure),
                clock.instant(),
                id,
                from.stream().map(OperationState::name).toArray(String[]::new));
        ended.ifPresent(this::announce);
        return ended;
    }

    @Override
    public boolean cancelRequested(UUID id) {
        return sql.one(row -> row.getBoolean(1), "select cancel_requested from operation where id = ?", id)
                .orElse(false);
    }

    @Override
    public Optional<UUID> next(UUID ended) {
        return sql.one(
                row -> row.getObject(1, UUID.class),
                "select n.id from operation n join operation o on n.queue_key = o.queue_key"
                        + " where o.id = ? and n.state = 'QUEUED' order by n.seq limit 1",
                ended);
    }

    int deleteFinishedBefore(Instant time) {
        return sql.update("delete from operation where finished_at < ?", time);
    }

    private OperationRecord announced(OperationRecord operation) {
        announce(operation);
        return operation;
    }

    private void announce(OperationRecord operation) {
        Map<String, Object> data = new HashMap<>();
        data.put("type", operation.type());
        data.put("state", operation.state().name());
        data.put(
                "subject",
                operation.subject().kind() + ":" + operation.subject().id());
        Progress progress = operation.progress();
        if (progress != null) {
            data.put("progress", progress);
        }
        outbox.append(new NewEvent(
                "operation.updated",
                operation.project(),
                new Subject("operation", operation.id(), operation.type()),
                operation.actor(),
                data));
    }

    private static OperationRecord read(ResultSet row) throws SQLException {
        String progress = row.getString("progress");
        String failure = row.getString("failure");
        return new OperationRecord(
                row.getObject("id", UUID.class),
                row.getString("type"),
                row.getString("parameters"),
                row.getObject("project", UUID.class),
                new Subject(
                        row.getString("subject_kind"),
                        row.getObject("subject_id", UUID.class),
                        row.getString("subject_name")),
                row.getString("queue_key"),
                row.getString("actor"),
                OperationState.valueOf(row.getString("state")),
                row.getBoolean("cancel_requested"),
                parse(row.getString("journal"), Journal.class),
                progress == null ? null : parse(progress, Progress.class),
                row.getString("waiting_for"),
                failure == null ? null : parse(failure, OperationView.Failure.class),
                row.getTimestamp("created_at").toInstant(),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "finished_at"));
    }

    private static <T> T parse(String json, Class<T> type) {
        try {
            return BerthJson.mapper().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
