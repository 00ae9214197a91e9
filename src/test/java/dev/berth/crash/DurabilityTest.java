package dev.berth.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.database.EmbeddedDatabase;
import dev.berth.installation.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the embedded database has said yes to is there after {@code kill -9}, as often as it dies. */
class DurabilityTest {
    @TempDir
    Path directory;

    @Test
    void committedRowsSurviveKills() throws IOException, SQLException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"))) {
            Rows rows = new Rows(database.url(), database.user(), database.password());
            try (Connection connection = connect(database);
                    Statement statement = connection.createStatement()) {
                statement.execute("create table kept (id int)");
            }
            assertThat(rows.texts("show fsync")).containsExactly("on");
            assertThat(rows.texts("show full_page_writes")).containsExactly("on");
            int acknowledged = 0;
            for (int death = 0; death < 3; death++) {
                long killed = database.pid();
                try (Connection connection = connect(database);
                        Statement statement = connection.createStatement()) {
                    for (int i = 0; i < 100; i++) {
                        statement.execute("insert into kept values (" + acknowledged + ")");
                        acknowledged++;
                    }
                    // With all its children, as when the machine's memory runs out.
                    ProcessHandle server = ProcessHandle.of(killed).orElseThrow();
                    server.children().forEach(ProcessHandle::destroyForcibly);
                    server.destroyForcibly();
                }
                comesBack(database, killed);
                assertThat(rows.texts("select count(*) from kept")).containsExactly(Integer.toString(acknowledged));
            }
        }
    }

    @Test
    void aServerComesBackAlthoughAChildOfTheKilledOneLingers() throws IOException, SQLException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"))) {
            long killed = database.pid();
            ProcessHandle server = ProcessHandle.of(killed).orElseThrow();
            // Holds the shared memory, and does not notice that its parent is gone.
            ProcessHandle child = server.children().findFirst().orElseThrow();
            Shell.run("kill", "-STOP", Long.toString(child.pid()));
            server.destroyForcibly();
            comesBack(database, killed);
        }
    }

    private static void comesBack(EmbeddedDatabase database, long killed) {
        Await.until(Duration.ofSeconds(60), () -> "PostgreSQL does not come back", () -> answers(database, killed));
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    private static boolean answers(EmbeddedDatabase database, long killed) {
        try (Connection connection = connect(database)) {
            return database.pid() != killed && connection.isValid(1);
        } catch (SQLException | IOException e) {
            return false;
        }
    }
}
