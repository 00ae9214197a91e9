package dev.berth.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Rows that no request makes so quickly, or not at all, written into an installation's own database. */
final class Fleet {
    private Fleet() {}

    /** Makes {@code fleet-00001} and so on from the instance {@code template}; every second one is seen running. */
    static void multiply(Path state, int count) {
        write(
                state,
                "insert into instance (id, project, name, kind, node, image, phase, desired_state, cpus, max_cpus,"
                        + " memory, max_memory, disks, nics, spec, deletion_protection, created_at)"
                        + " select gen_random_uuid(), project, 'fleet-' || lpad(n::text, 5, '0'), kind, node, image,"
                        + " phase, desired_state, cpus, max_cpus, memory, max_memory, disks, nics, spec,"
                        + " deletion_protection, created_at from instance, generate_series(1, " + count
                        + ") n where name = 'template'",
                // Seen in the future, so that the node's sweep, which knows none of them, does not call them missing.
                "insert into instance_observed (instance, state, addresses, observed_at)"
                        + " select id, case when right(name, 1) < '5' then 'RUNNING' else 'STOPPED' end,"
                        + " '{10.66.1.1}', now() + interval '1 day' from instance where name like 'fleet-%'"
                        + " on conflict (instance) do update set state = excluded.state,"
                        + " observed_at = excluded.observed_at",
                "analyze");
    }

    /** Writes into the database of an installation. */
    static void write(Path state, String... statements) {
        Path database = state.resolve("postgres");
        try {
            String url = "jdbc:postgresql://127.0.0.1:"
                    + Files.readString(database.resolve("port")).trim() + "/postgres";
            String password = Files.readString(database.resolve("password")).trim();
            try (Connection connection = DriverManager.getConnection(url, "postgres", password);
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.executeUpdate(sql);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
