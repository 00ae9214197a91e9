package dev.berth.app;

import dev.berth.app.database.EmbeddedDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The embedded database of the product, on a temporary directory, for {@code @QuarkusTest} classes. */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {
    private @Nullable EmbeddedDatabase database;

    @Override
    public Map<String, String> start() {
        Path state;
        try {
            state = Files.createTempDirectory("berth-test");
            state.toFile().setExecutable(true, false);
            state.toFile().setReadable(true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        EmbeddedDatabase started = EmbeddedDatabase.start(state.resolve("postgres"));
        database = started;
        return Map.of(
                "quarkus.datasource.jdbc.url", started.url(),
                "quarkus.datasource.username", started.user(),
                "quarkus.datasource.password", started.password(),
                "berth.state", state.toString());
    }

    @Override
    public void stop() {
        if (database != null) {
            database.close();
        }
    }
}
