package dev.berth.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.app.database.EmbeddedDatabase;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two controllers on one database: what one leaves when it dies, the other ends. */
@Tag("packaged")
class TakeoverTest {
    private static final String INSTANCES = "/api/v1/projects/default/instances";

    @TempDir
    Path directory;

    @Test
    void anotherControllerEndsTheOperationsOfADeadOne() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path holds = Files.createDirectories(directory.resolve("holds"));
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"));
                Installation first = Installation.fake(Files.createDirectories(directory.resolve("first")));
                Installation second = Installation.fake(Files.createDirectories(directory.resolve("second")))) {
            Map<String, String> environment = Map.of(
                    "BERTH_DATABASE_URL", database.url(),
                    "BERTH_DATABASE_USERNAME", database.user(),
                    "BERTH_DATABASE_PASSWORD", database.password(),
                    "BERTH_HOLD_POINTS", holds.toString());
            first.startController(environment);
            first.awaitReady();
            Files.createFile(holds.resolve("instance.create:define:before.hold"));
            String held = create(first.api(), "held");
            Await.until(
                    Duration.ofSeconds(30),
                    () -> "nothing is held",
                    () -> Files.exists(holds.resolve("instance.create:define:before.held")));
            second.startController(environment);
            Api api = new Api(
                    second.url(),
                    Files.readString(directory.resolve("first/admin-token")).strip());
            Await.until(Duration.ofSeconds(120), () -> "the second is not ready", () -> ready(api));
            // As long as the first is alive, its operation is its own, however slow it is.
            assertThat(state(api, held)).isEqualTo("running");
            assertThat(ended(api, create(api, "other"))).isEqualTo("succeeded");
            assertThat(state(api, held)).isEqualTo("running");
            first.killController();
            assertThat(ended(api, held)).isEqualTo("succeeded");
            assertThat(new Rows(database.url(), database.user(), database.password())
                            .texts("select task_instance from scheduled_tasks where task_name = 'operation'"))
                    .isEmpty();
        }
    }

    private static boolean ready(Api api) {
        try {
            return api.get("/q/health/ready").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static String create(Api api, String name) {
        return api.post(INSTANCES, "{\"name\":\"" + name + "\",\"start\":true,\"diskSize\":1048576}")
                .ok()
                .get("id")
                .asText();
    }

    private static String state(Api api, String operation) {
        return api.get("/api/v1/operations/" + operation).ok().get("state").asText();
    }

    private static String ended(Api api, String operation) {
        JsonNode now = api.get("/api/v1/operations/" + operation + "?wait=100s").ok();
        return now.get("state").asText();
    }
}
