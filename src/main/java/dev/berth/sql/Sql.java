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

/**
 * Statements with positional parameters on the data source; inside a JTA transaction they belong to it.
 *
 * <p>{@link Instant} parameters become timestamps. A lost connection is DATABASE_UNAVAILABLE, and so is a
 * change that PostgreSQL took back because of another one: both may be tried again.
 */
@ApplicationScoped
public class Sql {
    /** Class of the SQL states of deadlocks and of serialization failures. */
    private static final String ROLLED_BACK = "40";

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
     * Like {@link #update}, for a statement whose result nobody needs: in a transaction it is sent together with the next one, or at
     * last before the commit, and fails there ({@link #send} makes that earlier). All later statements of the transaction see what it did. Each statement that is sent
     * by itself costs some 0.5 ms, most of it for two processes that wake each other.
     */
    public void later(String sql, @Nullable Object... parameters) {
        if (transactions.getTransactionStatus() != Status.STATUS_ACTIVE) {
            update(sql, parameters);
            return;
        }
        Unsent unsent = (Unsent) transactions.getResource(Unsent.class);
        if (unsent == null) {
            unsent = new Unsent();
            transactions.putResource(Unsent.class, unsent);
            transactions.registerInterposedSynchronization(unsent);
        }
        unsent.add(sql, parameters);
    }

    /**
     * Sends what waits in this transaction. The last call of those whose callers look at how a statement failed: a commit tells
     * it as its cause only.
     */
    public void send() {
        if (unsent() instanceof Unsent unsent) {
            unsent.send();
        }
    }

    private @Nullable Object unsent() {
        return transactions.getTransactionStatus() == Status.STATUS_ACTIVE
                ? transactions.getResource(Unsent.class)
                : null;
    }

    /** Statements of one transaction that wait for the next one. */
    private final class Unsent implements Synchronization {
        private static final int MOST = 16;
        private final List<String> statements = new ArrayList<>();
        private final List<@Nullable Object> parameters = new ArrayList<>();

        void add(String sql, @Nullable Object... values) {
            statements.add(sql);
            parameters.addAll(Arrays.asList(values));
            if (statements.size() == MOST) {
                send();
            }
        }

        /** Executing the last one sends the others first; all their parameters are in one row. */
        private void send() {
            if (!statements.isEmpty()) {
                update(statements.removeLast());
            }
        }

        @Override
        public void beforeCompletion() {
            send();
        }

        @Override
        public void afterCompletion(int status) {
            // a transaction that was rolled back takes them with it
        }
    }

    /** What is read from a statement that has been executed. */
    @FunctionalInterface
    private interface Answer<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    /** Executes what has waited, and this one; pgjdbc sends several statements at once. */
    private <T> T execute(Answer<T> answer, String sql, @Nullable Object... parameters) {
        List<String> statements = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        if (unsent() instanceof Unsent unsent) {
            statements.addAll(unsent.statements);
            values.addAll(unsent.parameters);
            unsent.statements.clear();
            unsent.parameters.clear();
        }
        int before = statements.size();
        statements.add(sql);
        values.addAll(Arrays.asList(parameters));
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(String.join(";", statements))) {
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i);
                statement.setObject(i + 1, value instanceof Instant instant ? Timestamp.from(instant) : value);
            }
            statement.execute();
            for (int i = 0; i < before; i++) {
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

    private static BerthException translate(SQLException e) {
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
