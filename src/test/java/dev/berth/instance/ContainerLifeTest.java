package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.driver.ObservedState;
import dev.berth.driver.fake.FakeNode;
import dev.berth.node.Nodes;
import dev.berth.quota.QuotaLedger;
import dev.berth.quota.QuotaReconciler;
import dev.berth.quota.Resource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container from its creation to its end, on the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ContainerLifeTest {
    @Inject
    Nodes nodes;

    @Inject
    QuotaLedger quota;

    @Inject
    QuotaReconciler reconciler;

    private String project = "";
    private String instances = "";

    @BeforeEach
    void prepare() {
        Containers.ensureBusybox();
        project = Containers.newProject();
        instances = project + "/instances";
    }

    private FakeNode node() {
        return (FakeNode) nodes.drivers(nodes.choose().id());
    }

    private ValidatableResponse create(String body) {
        return AdminApi.admin().body(body).post(instances + "?wait=30s").then();
    }

    private String made(String name, String more) {
        create("{\"name\":\"" + name + "\",\"image\":\"busybox\"" + more + "}").statusCode(200);
        return instances + "/" + name;
    }

    private static void act(String instance, String verb) {
        AdminApi.admin()
                .post(instance + "/actions/" + verb + "?wait=30s")
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse get(String instance) {
        return AdminApi.admin().get(instance).then();
    }

    private static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(50);
        }
    }

    private static UUID id(String instance) {
        return UUID.fromString(get(instance).extract().path("id"));
    }

    @Test
    void livesFromCreationToDeletion() {
        String web = made(
                "web",
                ",\"command\":[\"httpd\"],\"env\":{\"A\":\"1\"},\"start\":true,"
                        + "\"publish\":[{\"host\":8080,\"instance\":80}]");
        get(web).statusCode(200)
                .body("kind", equalTo("container"))
                .body("state", equalTo("running"))
                .body("exit", nullValue())
                .body("disks.name", contains("root"))
                .body("addresses.size()", equalTo(1))
                .body("publish.host", contains(8080))
                .body("spec.mode", equalTo("app"))
                .body("spec.process.args", contains("httpd"))
                .body("spec.process.env", hasItem("A=1"))
                .body("spec.process.env", hasItem(containsString("PATH=")));
        act(web, "pause");
        get(web).body("state", equalTo("paused"));
        act(web, "resume");
        act(web, "restart");
        get(web).body("state", equalTo("running")).body("exit.code", equalTo(137));
        act(web, "stop");
        get(web).body("state", equalTo("stopped")).body("exit.at", notNullValue());
        AdminApi.admin().delete(web + "?wait=30s").then().statusCode(200);
        get(web).statusCode(404);
        assertThat(reconciler.reconcile()).isEmpty();
    }

    @Test
    void anImageThatIsNotThereIsPulledFirst() {
        create("{\"name\":\"pulled\",\"image\":\"registry.test:5000/shop/nginx:1.27\",\"start\":true}")
                .statusCode(200);
        get(instances + "/pulled")
                .body("state", equalTo("running"))
                .body("imageName", equalTo("nginx-1-27"))
                .body("spec.process.args", contains("nginx"))
                .body("spec.process.stopSignal", equalTo("SIGQUIT"));
        create("{\"name\":\"short\",\"kind\":\"container\",\"image\":\"nginx\",\"command\":[\"sleep\",\"5\"]}")
                .statusCode(200);
        get(instances + "/short").body("spec.process.args", contains("sleep", "5"));
        create("{\"name\":\"vm\",\"image\":\"nothing-of-this-name\"}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/image"));
    }

    @Test
    void whatItsProcessCameToIsShownAndItsPolicyRestartsIt() throws InterruptedException {
        String once = made("once", ",\"command\":[\"sh\",\"-c\",\"exit 3\"],\"start\":true");
        eventually("the exit", () -> get(once).extract().path("exit") != null);
        get(once).body("exit.code", equalTo(3)).body("exit.oom", equalTo(false)).body("state", equalTo("crashed"));
        String again = made(
                "again",
                ",\"command\":[\"sh\",\"-c\",\"exit 4\"],\"restart\":{\"policy\":\"on-failure\",\"maxRetries\":2},"
                        + "\"start\":true");
        eventually("two restarts", () -> get(again).extract().<Integer>path("restarts") == 2);
        String hog = made("hog", ",\"command\":[\"hog\"],\"start\":true");
        node().exit(id(hog), 137, true);
        eventually("the reason", () -> get(hog).extract().path("exit") != null);
        get(hog).body("exit.oom", equalTo(true)).body("exit.reason", containsString("memory"));
    }

    @Test
    void healthIsShownAndFound() throws InterruptedException {
        String well = made(
                "well",
                ",\"command\":[\"httpd\"],\"start\":true," + "\"health\":{\"command\":[\"true\"],\"interval\":1}");
        eventually("health", () -> "healthy".equals(get(well).extract().path("health")));
        node().health(id(well), ObservedState.Health.UNHEALTHY);
        eventually("illness", () -> AdminApi.admin()
                .queryParam("filter", "kind=container health=unhealthy")
                .get(instances)
                .then()
                .extract()
                .<List<String>>path("items.name")
                .contains("well"));
    }

    @Test
    void whatIsToGoWithItsProcessGoesWithItsVolumes() throws InterruptedException {
        AdminApi.admin()
                .body(
                        "{\"name\":\"brief\",\"image\":\"registry.test/volume-once:1\",\"removeOnExit\":true,\"start\":true}")
                .post(instances + "?wait=30s")
                .then()
                .statusCode(200);
        eventually(
                "its removal", () -> AdminApi.admin().get(instances + "/brief").statusCode() == 404);
        AdminApi.admin().get(project + "/volumes").then().body("items", hasSize(0));
        assertThat(reconciler.reconcile()).isEmpty();
    }

    @Test
    void limitsChangeAtOnceAndTheEnvironmentWithTheNextStart() {
        String live = made("live", ",\"command\":[\"httpd\"],\"start\":true");
        AdminApi.patch(live, "{\"memory\":268435456,\"limits\":{\"pids\":50},\"restart\":{\"policy\":\"always\"}}")
                .statusCode(200);
        get(live)
                .body("spec.limits.pids", equalTo(50))
                .body("spec.limits.cpuWeight", equalTo(100))
                .body("spec.restart.kind", equalTo("always"))
                .body("memory", equalTo(268435456))
                .body("restartNeeded", equalTo(false));
        AdminApi.patch(live, "{\"env\":[\"COLOUR=blue\"]}").statusCode(200);
        get(live)
                .body("restartNeeded", equalTo(true))
                .body("spec.process.env", hasItem("COLOUR=blue"))
                .body("spec.process.env", hasItem(containsString("PATH=")));
        act(live, "restart");
        get(live).body("restartNeeded", equalTo(false));
    }

    @Test
    void aNewerImageKeepsWhatWasChosenAndTakesWhatTheImageSays() {
        String app = made("app", ",\"env\":{\"MINE\":\"1\"},\"command\":[\"worker\"]");
        AdminApi.admin()
                .body("{\"image\":\"busybox\"}")
                .post(app + "/actions/rebuild?wait=30s")
                .then()
                .statusCode(200);
        get(app).body("spec.process.env", hasItem("MINE=1")).body("spec.process.args", contains("worker"));
    }

    @Test
    void ofManyCreatesAtTheLimitOnlySoManyComeThrough() throws Exception {
        UUID id = UUID.fromString(AdminApi.admin().get(project).then().extract().path("id"));
        QuarkusTransaction.requiringNew().run(() -> quota.limit(id, Resource.INSTANCES, 5L));
        List<Callable<Integer>> work = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            String body = "{\"name\":\"many-" + i + "\",\"image\":\"busybox\"}";
            work.add(() ->
                    AdminApi.admin().body(body).post(instances + "?wait=60s").statusCode());
        }
        int made = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(32)) {
            for (Future<Integer> future : pool.invokeAll(work)) {
                assertThat(future.get()).isIn(200, 403);
                made += future.get() == 200 ? 1 : 0;
            }
        }
        assertThat(made).isEqualTo(5);
        assertThat(reconciler.reconcile()).isEmpty();
    }

    @Test
    void whatTheOtherKindHasIsRefused() {
        String box = made("box", ",\"command\":[\"httpd\"],\"start\":true");
        AdminApi.admin().post(box + "/actions/reset").then().statusCode(422).body("code", equalTo("unsupported"));
        AdminApi.admin()
                .body("{\"type\":\"serial\"}")
                .post(box + "/consoles")
                .then()
                .statusCode(422);
        AdminApi.ensureTinyImage();
        create("{\"name\":\"machine\",\"image\":\"tiny\",\"start\":true}").statusCode(200);
        String machine = instances + "/machine";
        AdminApi.admin()
                .body("{\"command\":[\"true\"]}")
                .post(machine + "/exec")
                .then()
                .statusCode(422)
                .body("code", equalTo("unsupported"));
        AdminApi.admin().get(machine + "/files").then().statusCode(422);
        AdminApi.admin().get(machine + "/processes").then().statusCode(422);
        AdminApi.admin()
                .body("{\"name\":\"image-of-it\"}")
                .post(machine + "/actions/commit")
                .then()
                .statusCode(422);
        AdminApi.admin()
                .body("{\"type\":\"shell\"}")
                .post(machine + "/consoles")
                .then()
                .statusCode(422);
        AdminApi.admin().queryParam("follow", true).get(machine + "/log").then().statusCode(422);
        AdminApi.patch(machine, "{\"env\":{}}").statusCode(400);
    }

    @Test
    void operatorsMakeNothingThatHarmsTheNode() {
        String operator = AdminApi.admin()
                .body("{\"name\":\"op\",\"role\":\"operator\"}")
                .post("/api/v1/tokens")
                .path("secret");
        for (String field : List.of(
                "\"networkMode\":\"host\"",
                "\"security\":{\"nesting\":true}",
                "\"security\":{\"addCapabilities\":[\"CAP_SYS_ADMIN\"]}",
                "\"mounts\":[{\"hostPath\":\"/etc\",\"target\":\"/host\"}]")) {
            String body = "{\"name\":\"risky\",\"image\":\"busybox\"," + field + "}";
            io.restassured.RestAssured.given()
                    .header("Authorization", "Bearer " + operator)
                    .contentType("application/json")
                    .body(body)
                    .post(instances)
                    .then()
                    .statusCode(403)
                    .body("rule", containsString("berth.container.allow-"));
        }
        create("{\"name\":\"trusted\",\"image\":\"busybox\",\"networkMode\":\"host\"}")
                .statusCode(200);
        get(instances + "/trusted").body("nics", hasSize(0));
    }

    @Test
    void volumesOutliveContainersAndDeclaredOnesGoWithThem() {
        AdminApi.admin()
                .body("{\"name\":\"data\",\"size\":33554432}")
                .post(project + "/volumes?wait=30s")
                .then()
                .statusCode(200);
        create(
                        "{\"name\":\"db\",\"image\":\"registry.test/volume-db:1\","
                                + "\"mounts\":[{\"volume\":\"data\",\"target\":\"/srv\"},{\"tmpfs\":65536,\"target\":\"/run\"}]}")
                .statusCode(200);
        get(instances + "/db")
                .body("spec.mounts.target", hasItems("/srv", "/data"))
                .body("spec.tmpfs", hasSize(1));
        AdminApi.admin().get(project + "/volumes").then().body("items.name", contains("data", "db-1"));
        get(project + "/volumes/data").body("users", contains("db")).body("used", notNullValue());
        AdminApi.admin()
                .header("If-Match", "*")
                .delete(project + "/volumes/data")
                .then()
                .statusCode(409)
                .body("code", equalTo("in-use"));
        AdminApi.admin()
                .body("{\"name\":\"db2\"}")
                .post(instances + "/db/actions/clone?wait=30s")
                .then()
                .statusCode(200);
        AdminApi.admin().get(project + "/volumes").then().body("items.name", contains("data", "db-1", "db2-1"));
        AdminApi.admin().delete(instances + "/db?wait=30s").then().statusCode(200);
        AdminApi.admin()
                .delete(instances + "/db2?keepVolumes=true&wait=30s")
                .then()
                .statusCode(200);
        AdminApi.admin()
                .get(project + "/volumes")
                .then()
                .body("items.name", contains("data", "db2-1"))
                .body("items.name", not(hasItem("db-1")));
        AdminApi.patch(project + "/volumes/data", "{\"size\":67108864}").statusCode(200);
        AdminApi.patch(project + "/volumes/data", "{\"size\":33554432}").statusCode(400);
        AdminApi.admin()
                .header("If-Match", "*")
                .delete(project + "/volumes/data?wait=30s")
                .then()
                .statusCode(200);
        assertThat(reconciler.reconcile()).isEmpty();
    }
}
