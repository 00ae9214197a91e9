package dev.berth.app;

import dev.berth.app.database.EmbeddedDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The embedded database of the product, on a temporary directory, for {@code @QuarkusTest} classes. */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {
    private static EmbeddedDatabase database;
    private static Path state;

    @Override
    public Map<String, String> start() {
        try {
            state = Files.createTempDirectory("berth-test");
            state.toFile().setExecutable(true, false);
            state.toFile().setReadable(true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        database = EmbeddedDatabase.start(state.resolve("postgres"));
        return Map.of(
                "quarkus.datasource.jdbc.url", database.url(),
                "quarkus.datasource.username", database.user(),
                "quarkus.datasource.password", database.password(),
                "berth.state", state.toString());
    }

    @Override
    public void stop() {
        database.close();
    }
}
