package dev.berth.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.app.database.EmbeddedDatabase;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two controllers that work at the same time, on one database and one node: names, addresses and quota are given once, and each
 * operation is run once.
 */
@Tag("packaged")
class TwoControllersTest {
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private static final int NAMES = 160;
    private static final int PLACES = 120;
    /** Told by the database itself: whenever a controller claims an operation for a run, or takes a task from the schedule. */
    private static final List<String> WATCH = List.of(
            "create table run_seen (operation uuid, run uuid)",
            "create table pick_seen (task text, by text)",
            "create function see_run() returns trigger language plpgsql as $$ begin"
                    + " insert into run_seen values (new.id, new.run); return null; end $$",
            "create trigger see_run after update of run on operation for each row"
                    + " when (new.run is not null and new.run is distinct from old.run) execute function see_run()",
            "create function see_pick() returns trigger language plpgsql as $$ begin"
                    + " insert into pick_seen values (new.task_instance, new.picked_by); return null; end $$",
            "create trigger see_pick after update of picked on scheduled_tasks for each row"
                    + " when (new.picked and not old.picked) execute function see_pick()",
            "insert into quota_counter (project, resource, max_amount)"
                    + " select id, 'INSTANCES', " + PLACES + " from project where name = 'default'"
                    + " on conflict (project, resource) do update set max_amount = excluded.max_amount");

    @TempDir
    Path directory;

    @Test
    void nothingIsGivenTwice() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("postgres"));
                Installation first = Installation.simulated(Files.createDirectories(directory.resolve("first")));
                Installation second = Installation.fake(Files.createDirectories(directory.resolve("second")))) {
            Map<String, String> environment = Map.of(
                    "BERTH_DATABASE_URL", database.url(),
                    "BERTH_DATABASE_USERNAME", database.user(),
                    "BERTH_DATABASE_PASSWORD", database.password(),
                    "BERTH_NODE_LOCAL", "unix:" + directory.resolve("first/run/agent.sock"));
            first.startAgent(Map.of());
            first.startController(environment);
            first.awaitReady();
            second.startController(environment);
            String token =
                    Files.readString(directory.resolve("first/admin-token")).strip();
            List<Api> both = List.of(new Api(first.url(), token), new Api(second.url(), token));
            both.forEach(TwoControllersTest::connected);
            watch(database);
            Rows rows = new Rows(database.url(), database.user(), database.password());
            createAll(both, rows);
            deleteAll(both, rows);
        }
    }

    private static void connected(Api api) {
        Await.until(Duration.ofSeconds(180), () -> "no node", () -> {
            try {
                return api.get("/q/health/ready").status() == 200
                        && api.get("/api/v1/nodes/local")
                                .body()
                                .path("connected")
                                .asBoolean();
            } catch (UncheckedIOException e) {
                return false;
            }
        });
    }

    private static void watch(EmbeddedDatabase database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            for (String sql : WATCH) {
                statement.execute(sql);
            }
        }
    }

    /** Every name is asked for at both, from two ends, so that they meet; there are fewer places than names. */
    private static void createAll(List<Api> both, Rows rows) throws Exception {
        List<Api.Answer> answers = atOnce(both, (api, i) -> {
            String name = "i" + (api == 0 ? i : NAMES - 1 - i);
            return both.get(api).post(INSTANCES, "{\"name\":\"" + name + "\",\"start\":true,\"diskSize\":1048576}");
        });
        List<String> accepted = new ArrayList<>();
        for (Api.Answer answer : answers) {
            switch (answer.status()) {
                case 202 -> accepted.add(answer.body().get("id").asText());
                case 403 -> assertThat(answer.body().get("code").asText()).isEqualTo("quota-exceeded");
                default ->
                    assertThat(answer.status() + answer.raw().body())
                            .startsWith("409")
                            .contains("name-taken");
            }
        }
        assertThat(accepted).hasSize(PLACES);
        succeeded(both, accepted);
        assertThat(rows.texts("select count(distinct name) from instance")).containsExactly(Integer.toString(PLACES));
        for (String what : List.of("nics->0->>'address'", "nics->0->>'mac'")) {
            assertThat(rows.texts("select " + what + " from instance"))
                    .hasSize(PLACES)
                    .doesNotHaveDuplicates();
        }
        assertThat(rows.texts("select address from network_address"))
                .containsExactlyInAnyOrderElementsOf(rows.texts("select nics->0->>'address' from instance"));
        assertThat(rows.texts("select used || ' ' || reserved from quota_usage where resource = 'INSTANCES'"))
                .containsExactly(PLACES + " 0");
        assertThat(rows.texts("select c.resource from quota_usage c where reserved <> 0"))
                .isEmpty();
        eachRanOnce(rows, PLACES);
    }

    private static void deleteAll(List<Api> both, Rows rows) throws Exception {
        List<Api.Answer> answers = atOnce(both, (api, i) -> both.get(api).delete(INSTANCES + "/i" + i + "?force=true"));
        List<String> accepted = answers.stream()
                .filter(answer -> answer.status() == 202)
                .map(answer -> answer.body().get("id").asText())
                .toList();
        assertThat(accepted).as("each is deleted by one of the two").hasSize(PLACES);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(202, 404, 409));
        succeeded(both, accepted);
        assertThat(rows.texts("select name from instance")).isEmpty();
        assertThat(rows.texts("select address from network_address")).isEmpty();
        assertThat(rows.texts("select resource from quota_usage where used <> 0 or reserved <> 0"))
                .isEmpty();
        eachRanOnce(rows, 2 * PLACES);
    }

    private static void succeeded(List<Api> both, List<String> operations) {
        for (int i = 0; i < operations.size(); i++) {
            // Of half of them the one hears that did not get the request.
            JsonNode ended = both.get(i % 2)
                    .get("/api/v1/operations/" + operations.get(i) + "?wait=60s")
                    .ok();
            assertThat(ended.get("state").asText()).as(ended.toString()).isEqualTo("succeeded");
        }
    }

    private static void eachRanOnce(Rows rows, int operations) {
        Await.until(Duration.ofSeconds(20), () -> "tasks are left", () -> rows.texts(
                        "select task_instance from scheduled_tasks where task_name = 'operation'")
                .isEmpty());
        assertThat(rows.texts("select task from pick_seen join operation on id::text = task"))
                .hasSize(operations)
                .doesNotHaveDuplicates();
        assertThat(rows.texts("select operation from run_seen")).doesNotHaveDuplicates();
        // A create is claimed only by one who did not get its request; everything else is claimed once.
        assertThat(rows.texts("select operation from run_seen join operation on id = operation"
                        + " where type <> 'instance.create'"))
                .hasSize(operations - PLACES);
        assertThat(rows.texts("select distinct by from pick_seen"))
                .as("both do a part")
                .hasSize(2);
    }

    /** A request to one of the controllers. */
    private interface Request {
        Api.Answer send(int api, int number);
    }

    private static List<Api.Answer> atOnce(List<Api> both, Request request) throws Exception {
        List<Api.Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<Api.Answer>> futures = new ArrayList<>();
            for (int i = 0; i < NAMES; i++) {
                for (int api = 0; api < both.size(); api++) {
                    int which = api;
                    int number = i;
                    futures.add(threads.submit(() -> request.send(which, number)));
                }
            }
            for (Future<Api.Answer> future : futures) {
                answers.add(future.get(5, TimeUnit.MINUTES));
            }
        }
        return answers;
    }
}
