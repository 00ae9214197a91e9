package dev.berth.sql;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Statements with positional parameters on the data source; inside a JTA transaction they belong to it.
 *
 * <p>Several statements in one are sent at once: pgjdbc, like psql, divides them at their semicolons.
 *
 * <p>{@link Instant} parameters become timestamps. A lost connection is DATABASE_UNAVAILABLE, and so is a
 * change that PostgreSQL took back because of another one: both may be tried again.
 */
@ApplicationScoped
public class Sql {
    /** Class of the SQL states of deadlocks and of serialization failures. */
    private static final String ROLLED_BACK = "40";
    /** Statements that are sent without waiting for another one. */
    private static final int MOST_UNSENT = 16;

    private final DataSource source;
    private final TransactionSynchronizationRegistry transactions;

    @Inject
    public Sql(DataSource source, TransactionSynchronizationRegistry transactions) {
        this.source = source;
        this.transactions = transactions;
    }

    /** Reads one row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    public int update(String sql, @Nullable Object... parameters) {
        return execute(PreparedStatement::getUpdateCount, sql, parameters);
    }

    public <T> List<T> query(Row<T> row, String sql, @Nullable Object... parameters) {
        return execute(statement -> read(row, statement), sql, parameters);
    }

    private static <T> List<T> read(Row<T> row, PreparedStatement statement) throws SQLException {
        try (ResultSet results = statement.getResultSet()) {
            List<T> list = new ArrayList<>();
            while (results.next()) {
                list.add(row.read(results));
            }
            return list;
        }
    }

    /**
     * Like {@link #update}, for a statement whose result nobody needs: in a transaction it is sent together with the next one, or
     * at last before the commit, and fails there. Later statements of the transaction see what it did. Each statement that is
     * sent by itself costs some 0.3 ms, most of it for two processes that wake each other.
     */
    public void later(String sql, @Nullable Object... parameters) {
        if (transactions.getTransactionStatus() != Status.STATUS_ACTIVE) {
            update(sql, parameters);
            return;
        }
        Unsent unsent = unsent();
        if (unsent == null) {
            unsent = new Unsent();
            transactions.putResource(Unsent.class, unsent);
            transactions.registerInterposedSynchronization(new BeforeCommit(this::send));
        }
        unsent.add(sql, parameters);
        if (unsent.size() == MOST_UNSENT) {
            send();
        }
    }

    /**
     * Sends what waits in this transaction. It is the last call of those whose callers look at how a statement failed: a commit
     * that fails tells it as its cause only.
     */
    public void send() {
        Unsent unsent = unsent();
        if (unsent != null && unsent.size() > 0) {
            execute(PreparedStatement::getUpdateCount, unsent.take());
        }
    }

    private @Nullable Unsent unsent() {
        return transactions.getTransactionStatus() == Status.STATUS_ACTIVE
                ? (Unsent) transactions.getResource(Unsent.class)
                : null;
    }

    /** Statements that are sent at once, of which the last one is answered. */
    private record Batch(List<String> statements, List<@Nullable Object> parameters) {}

    /** What waits in a transaction for its next statement. */
    private static final class Unsent {
        private List<String> statements = new ArrayList<>();
        private List<@Nullable Object> parameters = new ArrayList<>();

        void add(String sql, @Nullable Object... values) {
            statements.add(sql);
            parameters.addAll(Arrays.asList(values));
        }

        int size() {
            return statements.size();
        }

        Batch take() {
            Batch all = new Batch(statements, parameters);
            statements = new ArrayList<>();
            parameters = new ArrayList<>();
            return all;
        }
    }

    /** Does something as long as the transaction can still fail. */
    private record BeforeCommit(Runnable work) implements Synchronization {
        @Override
        public void beforeCompletion() {
            work.run();
        }

        @Override
        public void afterCompletion(int status) {
            // a transaction that was rolled back has taken with it what it sent
        }
    }

    /** What is read from a statement that has been executed. */
    @FunctionalInterface
    private interface Answer<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    /** Executes a statement, and before it what has waited. */
    private <T> T execute(Answer<T> answer, String sql, @Nullable Object... parameters) {
        Unsent unsent = unsent();
        Unsent all = unsent == null ? new Unsent() : unsent;
        all.add(sql, parameters);
        return execute(answer, all.take());
    }

    private <T> T execute(Answer<T> answer, Batch batch) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(String.join(";", batch.statements()))) {
            for (int i = 0; i < batch.parameters().size(); i++) {
                Object value = batch.parameters().get(i);
                statement.setObject(i + 1, value instanceof Instant instant ? Timestamp.from(instant) : value);
            }
            statement.execute();
            for (int i = 1; i < batch.statements().size(); i++) {
                statement.getMoreResults();
            }
            return answer.of(statement);
        } catch (SQLException e) {
            throw translate(e);
        }
    }

    public <T> Optional<T> one(Row<T> row, String sql, @Nullable Object... parameters) {
        return query(row, sql, parameters).stream().findFirst();
    }

    /**
     * Lets the commit of the transaction around it return before it is on the disk. A database that crashes within the next half
     * second has lost it, whole, and nothing that waited for the disk: for what is only seen, and will be seen again.
     *
     * @see <a href="https://www.postgresql.org/docs/current/wal-async-commit.html">Asynchronous commit</a>
     */
    public void commitAsynchronously() {
        later("set local synchronous_commit = off");
    }

    /** A timestamp column that may be null. */
    public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }

    /** Whether a statement failed because a row would have been in conflict with another one. */
    public static boolean violated(BerthException failure, String constraint) {
        return failure.getCause() instanceof PSQLException e
                && e.getServerErrorMessage() != null
                && constraint.equals(e.getServerErrorMessage().getConstraint());
    }

    static BerthException translate(SQLException e) {
        String state = e.getSQLState();
        if (state == null || state.startsWith("08") || state.startsWith("57P")) {
            return BerthException.of(
                    ErrorCode.DATABASE_UNAVAILABLE, "The database does not answer; try again when it is back.", e);
        }
        if (state.startsWith(ROLLED_BACK)) {
            return BerthException.of(
                    ErrorCode.DATABASE_UNAVAILABLE,
                    "The database took this back, because it and another change waited for each other; try again.",
                    e);
        }
        return BerthException.of(ErrorCode.INTERNAL, "A database statement failed.", e);
    }
}
