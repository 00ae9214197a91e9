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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged controller, with the fake node, on the database that it brings along and on one that it is given. */
@Tag("packaged")
class DatabaseTest {
    private static final String INSTANCES = "/api/v1/projects/default/instances";

    @TempDir
    Path directory;

    private Map<String, String> environment() {
        // Slow enough that an operation is under way when the database goes.
        return new HashMap<>(Map.of("BERTH_NODE_FAKE_LATENCY", "1s"));
    }

    private void open() throws IOException {
        // PostgreSQL runs as a user of its own.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void embeddedDatabaseIsKilledAndComesBackByItself() throws IOException {
        open();
        try (Installation installation = Installation.fake(directory)) {
            installation.startController(environment());
            installation.awaitReady();
            assertThat(directory.resolve("postgres/data")).exists();
            works(installation.api(), "before");
            String operation = begin(installation.api(), "meanwhile");
            long server = Long.parseLong(Files.readAllLines(directory.resolve("postgres/data/postmaster.pid"))
                    .getFirst()
                    .strip());
            ProcessHandle.of(server).orElseThrow().destroyForcibly();
            recovers(installation, operation);
        }
        assertThat(directory.resolve("postgres/data/postmaster.pid"))
                .as("the database ends with the controller")
                .doesNotExist();
    }

    @Test
    void externalDatabaseGoesAndComesBack() throws IOException {
        open();
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        EmbeddedDatabase database = EmbeddedDatabase.start(elsewhere);
        try (Installation installation = Installation.fake(Files.createDirectories(directory.resolve("state")))) {
            Map<String, String> environment = environment();
            environment.put("BERTH_DATABASE_URL", database.url());
            environment.put("BERTH_DATABASE_USERNAME", database.user());
            environment.put("BERTH_DATABASE_PASSWORD", database.password());
            installation.startController(environment);
            installation.awaitReady();
            assertThat(directory.resolve("state/postgres")).doesNotExist();
            works(installation.api(), "before");
            String operation = begin(installation.api(), "meanwhile");
            database.close();
            saysThatTheDatabaseIsAway(installation.api());
            database = EmbeddedDatabase.start(elsewhere);
            recovers(installation, operation);
        } finally {
            database.close();
        }
    }

    /** What every installation has to do, whatever its database is. */
    private static void works(Api api, String name) {
        ends(api, begin(api, name));
        String instance = INSTANCES + "/" + name;
        assertThat(api.get(instance).ok().get("state").asText()).isEqualTo("running");
        assertThat(api.get("/api/v1/inventory").ok().toString()).contains(name);
        ends(
                api,
                api.post(instance + "/snapshots", "{\"name\":\"s\"}")
                        .ok()
                        .get("id")
                        .asText());
        assertThat(api.get(instance + "/snapshots").ok().get("items")).hasSize(1);
        ends(api, api.delete(instance + "?force=true").ok().get("id").asText());
        assertThat(api.get(instance).status()).isEqualTo(404);
        api.get("/api/v1/projects/default/quota")
                .ok()
                .forEach(usage -> assertThat(usage.get("used").asLong()).isZero());
    }

    private static String begin(Api api, String name) {
        return api.post(INSTANCES, "{\"name\":\"" + name + "\",\"start\":true,\"diskSize\":1048576}")
                .ok()
                .get("id")
                .asText();
    }

    private static void ends(Api api, String operation) {
        JsonNode ended =
                api.get("/api/v1/operations/" + operation + "?wait=60s").ok();
        assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("succeeded");
    }

    private static void saysThatTheDatabaseIsAway(Api api) {
        Await.until(
                Duration.ofSeconds(20),
                () -> "ready without a database",
                () -> api.get("/q/health/ready").status() == 503);
        for (String path :
                List.of("/api/v1/inventory", "/api/v1/operations", INSTANCES, "/api/v1/nodes", "/api/v1/setup")) {
            isUnavailable(api.get(path));
        }
        isUnavailable(api.post("/api/v1/session", "{\"name\":\"ada\",\"password\":\"correct horse battery\"}"));
        isUnavailable(api.post(INSTANCES, "{\"name\":\"too-early\"}"));
        isUnavailable(api.delete(INSTANCES + "/meanwhile?force=true"));
        assertThat(api.get("/q/health/live").status()).isEqualTo(200);
    }

    private static void isUnavailable(Api.Answer answer) {
        String text = answer.raw().request().method() + " " + answer.raw().uri() + ": "
                + answer.raw().body();
        assertThat(answer.status()).as(text).isEqualTo(503);
        assertThat(answer.raw().headers().firstValue("Content-Type")).as(text).hasValue("application/problem+json");
        assertThat(answer.body().get("code").asText()).as(text).isEqualTo("database-unavailable");
    }

    /** While it comes back each answer is either right or says what is the matter; then the operation goes on. */
    private static void recovers(Installation installation, String operation) {
        Api api = installation.api();
        List<String> wrong = new ArrayList<>();
        Await.until(Duration.ofSeconds(60), () -> "the database does not come back", () -> {
            Api.Answer read = api.get("/api/v1/inventory");
            Api.Answer write = api.send(
                    "POST",
                    INSTANCES,
                    "{\"name\":\"asked-again\",\"diskSize\":1048576}",
                    Map.of("Idempotency-Key", "k"));
            for (Api.Answer answer : List.of(read, write)) {
                if (answer.status() / 100 != 2 && answer.status() != 503) {
                    wrong.add(answer.raw().body());
                }
            }
            return read.status() == 200 && write.status() / 100 == 2 && ready(api);
        });
        assertThat(wrong).isEmpty();
        ends(
                api,
                api.send(
                                "POST",
                                INSTANCES,
                                "{\"name\":\"asked-again\",\"diskSize\":1048576}",
                                Map.of("Idempotency-Key", "k"))
                        .ok()
                        .get("id")
                        .asText());
        ends(api, api.delete(INSTANCES + "/asked-again").ok().get("id").asText());
        ends(api, operation);
        ends(api, api.delete(INSTANCES + "/meanwhile?force=true").ok().get("id").asText());
        works(api, "after");
    }

    private static boolean ready(Api api) {
        try {
            return api.get("/q/health/ready").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
