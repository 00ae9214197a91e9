package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.installation.Await;
import dev.berth.kernel.ErrorCode;
import dev.berth.node.Nodes;
import dev.berth.quota.QuotaReconciler;
import dev.berth.sql.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A node that has a row and no link, because it was renamed or is gone: work for it is refused at once, and it can be forgotten
 * with all that is on it. And an undo that never works, which people can give up.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ForgottenNodeTest {
    @Inject
    Nodes nodes;

    @Inject
    Sql sql;

    @Inject
    QuotaReconciler reconciler;

    private final String name = "gone-" + UUID.randomUUID().toString().substring(24);
    private String instances = "";

    @BeforeEach
    void makeProject() {
        AdminApi.ensureTinyImage();
        AdminApi.admin()
                .body("{\"name\":\"p" + name + "\"}")
                .post("/api/v1/projects")
                .then()
                .statusCode(201);
        instances = "/api/v1/projects/p" + name + "/instances";
        // As a controller leaves it that is set up with another name now.
        sql.update(
                "insert into node (id, name, link, connected, last_seen, created_at)"
                        + " values (gen_random_uuid(), ?, 'unix:/nowhere', true, now() - interval '1 minute', now())",
                name);
        sql.update(
                "insert into network (id, node, name, subnet, gateway, domain, created_at)"
                        + " select gen_random_uuid(), id, 'berth0', '10.66.0.0/16', '10.66.0.1', 'x', now() from node where name = ?",
                name);
        Await.until(
                Duration.ofSeconds(30),
                () -> "the node still counts as connected",
                () -> !AdminApi.admin().get("/api/v1/nodes/" + name).jsonPath().getBoolean("connected"));
    }

    @AfterEach
    void ledgerEqualsRecount() {
        assertThat(reconciler.reconcile()).isEmpty();
    }

    private FakeBehaviour behaviour() {
        return ((FakeNode) nodes.drivers(nodes.choose().id())).behaviour();
    }

    private UUID create(String instance) {
        return UUID.fromString(AdminApi.admin()
                .body("{\"name\":\"" + instance + "\",\"kind\":\"vm\",\"image\":\"tiny\"}")
                .post(instances + "?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"))
                .extract()
                .path("subject.id"));
    }

    /** Gives the node an instance, an image, a volume and an upload. */
    private void occupy() {
        UUID instance = create("there");
        AdminApi.admin()
                .body("{\"name\":\"kept\"}")
                .post("/api/v1/projects/p" + name + "/volumes?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        UUID image = UUID.randomUUID();
        String node = "(select id from node where name = '" + name + "')";
        sql.update(
                "insert into image (id, name, node, state, source, created_at) values (?, ?, " + node
                        + ", 'READY', 'test', now())",
                image,
                name);
        sql.update("update instance set node = " + node + ", image = ? where id = ?", image, instance);
        sql.update(
                "update network_address set network = (select id from network where node = " + node
                        + ") where instance = ?",
                instance);
        sql.update("update volume set node = " + node
                + " where name = 'kept' and project = (select id from project where name = 'p" + name + "')");
        sql.update("insert into upload (id, node, owner, size, created_at) values (gen_random_uuid(), " + node
                + ", gen_random_uuid(), 1, now() - interval '2 days')");
    }

    private ValidatableResponse forget(String how) {
        return AdminApi.admin().delete("/api/v1/nodes/" + how).then();
    }

    private void refused(ValidatableResponse answer) {
        answer.statusCode(503)
                .body("code", equalTo("node-unavailable"))
                .body("detail", containsString("berth.node.name back to '" + name + "'"))
                .body("detail", containsString("DELETE /api/v1/nodes/" + name));
    }

    @Test
    void workForItIsRefusedAtOnce() {
        occupy();
        AdminApi.admin()
                .get("/api/v1/nodes/" + name)
                .then()
                .body("problem", containsString("No controller has a link to it"));
        AdminApi.admin().get(instances + "/there").then().body("stale", equalTo(true));
        for (String body : List.of(
                "{\"name\":\"a\",\"kind\":\"vm\",\"node\":\"" + name + "\"}",
                "{\"name\":\"b\",\"kind\":\"vm\",\"image\":\"" + name + "\"}")) {
            refused(AdminApi.admin().body(body).post(instances).then());
        }
        refused(AdminApi.admin()
                .body("{}")
                .post(instances + "/there/actions/start")
                .then());
        refused(AdminApi.admin().delete(instances + "/there?force=true").then());
        refused(AdminApi.admin().get(instances + "/there/log").then());
        refused(AdminApi.admin()
                .body("{\"name\":\"v\",\"node\":\"" + name + "\"}")
                .post("/api/v1/projects/p" + name + "/volumes")
                .then());
        refused(AdminApi.admin()
                .header("If-Match", "*")
                .delete("/api/v1/projects/p" + name + "/volumes/kept")
                .then());
        refused(AdminApi.admin()
                .body("{\"size\":1,\"node\":\"" + name + "\"}")
                .post("/api/v1/uploads")
                .then());
        AdminApi.admin().body("{\"size\":1}").post("/api/v1/uploads").then().statusCode(201);
        assertThat(AdminApi.admin().get(instances + "/there").jsonPath().getString("operation"))
                .isNull();
        forget(name + "?force=true").statusCode(204);
    }

    @Test
    void itIsForgottenWithWhatIsOnIt() {
        occupy();
        forget("local").statusCode(409).body("code", equalTo("wrong-state"));
        forget("nobody").statusCode(404);
        forget(name).statusCode(409).body("code", equalTo("in-use")).body("detail", containsString("1 instances"));
        AdminApi.admin().get(instances + "/there").then().statusCode(200);
        forget(name + "?force=true").statusCode(204);
        for (String path : List.of(
                instances + "/there",
                "/api/v1/projects/p" + name + "/volumes/kept",
                "/api/v1/images/" + name,
                "/api/v1/nodes/" + name)) {
            AdminApi.admin().get(path).then().statusCode(404);
        }
        assertThat(AdminApi.admin()
                        .get("/api/v1/projects/p" + name + "/quota")
                        .jsonPath()
                        .getList("used", Integer.class))
                .containsOnly(0);
    }

    @Test
    void whatIsUnderWayForItEndsWithIt() {
        UUID instance = create("busy");
        FakeBehaviour behaviour = behaviour();
        int before = behaviour.calls("InstanceDriver.start");
        behaviour.hang("InstanceDriver.start");
        try {
            String start = AdminApi.admin()
                    .body("{}")
                    .post(instances + "/busy/actions/start")
                    .then()
                    .statusCode(202)
                    .extract()
                    .path("id");
            Await.until(
                    Duration.ofSeconds(20),
                    () -> "the start did not begin",
                    () -> behaviour.calls("InstanceDriver.start") > before);
            String node = "(select id from node where name = '" + name + "')";
            sql.update("update instance set node = " + node + " where id = ?", instance);
            forget(name + "?force=true").statusCode(204);
            AdminApi.admin()
                    .get("/api/v1/operations/" + start + "?wait=5s")
                    .then()
                    .body("state", equalTo("failed"))
                    .body("error.message", containsString("given up by"));
            AdminApi.admin()
                    .get("/api/v1/operations/" + start + "/log")
                    .then()
                    .body("text", hasItem(containsString("Not taken back: ")));
            behaviour.release("InstanceDriver.start");
            Await.until(Duration.ofSeconds(20), () -> "its task is left", () -> sql.query(
                            row -> 1, "select 1 from scheduled_tasks where task_instance = ?", start)
                    .isEmpty());
            AdminApi.admin().get("/api/v1/operations/" + start).then().body("state", equalTo("failed"));
        } finally {
            behaviour.release("InstanceDriver.start");
        }
    }

    @Test
    void anUndoThatNeverWorksIsToldOfAndCanBeGivenUp() {
        FakeBehaviour behaviour = behaviour();
        behaviour.fail("InstanceDriver.define", ErrorCode.NO_CAPACITY, 1);
        behaviour.fail("InstanceDriver.destroy", ErrorCode.DRIVER_FAILED, 1000);
        try {
            String operation = AdminApi.admin()
                    .body("{\"name\":\"stuck\",\"kind\":\"vm\",\"image\":\"tiny\"}")
                    .post(instances)
                    .then()
                    .statusCode(202)
                    .extract()
                    .path("id");
            String path = "/api/v1/operations/" + operation;
            Await.until(
                    Duration.ofSeconds(20),
                    () -> "it is not undone: "
                            + AdminApi.admin().get(path).body().asString(),
                    () -> AdminApi.admin().get(path).jsonPath().getString("waitingFor") != null);
            AdminApi.admin()
                    .get(path)
                    .then()
                    .body("state", equalTo("undoing"))
                    .body("waitingFor", containsString("Taking back 'define' failed"));
            AdminApi.admin()
                    .get(path + "/log")
                    .then()
                    .body("text", hasItem(containsString("It is tried again every 5 seconds")));
            AdminApi.admin()
                    .post(path + "/actions/give-up")
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("failed"))
                    .body("error.code", equalTo("no-capacity"));
            AdminApi.admin().get(path + "/log").then().body("text", hasItem(containsString("Not taken back: define.")));
            AdminApi.admin().get(instances + "/stuck").then().statusCode(404);
            AdminApi.admin()
                    .post(path + "/actions/give-up")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("wrong-state"));
        } finally {
            behaviour.fail("InstanceDriver.destroy", ErrorCode.DRIVER_FAILED, 0);
        }
        forget(name).statusCode(204);
    }
}
