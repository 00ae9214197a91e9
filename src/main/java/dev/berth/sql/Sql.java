package dev.berth.sql;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
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

    @Inject
    public Sql(DataSource source) {
        this.source = source;
    }

    /** Reads one row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    public int update(String sql, @Nullable Object... parameters) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw translate(e);
        }
    }

    public <T> List<T> query(Row<T> row, String sql, @Nullable Object... parameters) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet results = statement.executeQuery()) {
            List<T> list = new ArrayList<>();
            while (results.next()) {
                list.add(row.read(results));
            }
            return list;
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
        query(row -> row.getString(1), "select set_config('synchronous_commit', 'off', true)");
    }

    /** A timestamp column that may be null. */
    public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }

    private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            statement.setObject(i + 1, value instanceof Instant instant ? Timestamp.from(instant) : value);
        }
        return statement;
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
