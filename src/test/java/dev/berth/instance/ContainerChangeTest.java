package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.driver.fake.FakeNode;
import dev.berth.kernel.ErrorCode;
import dev.berth.node.Nodes;
import dev.berth.quota.QuotaReconciler;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be changed of a container that exists, on the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ContainerChangeTest {
    @Inject
    Nodes nodes;

    @Inject
    QuotaReconciler reconciler;

    private String project = "";

    @BeforeEach
    void prepare() {
        Containers.ensureBusybox();
        project = Containers.newProject();
    }

    @AfterEach
    void ledgerEqualsRecount() {
        assertThat(reconciler.reconcile()).isEmpty();
    }

    private String made(String name, String image, String more) {
        AdminApi.admin()
                .body("{\"name\":\"" + name + "\",\"kind\":\"container\",\"image\":\"" + image + "\"" + more + "}")
                .post(project + "/instances?wait=30s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        return project + "/instances/" + name;
    }

    private String volume(String name) {
        AdminApi.admin()
                .body("{\"name\":\"" + name + "\",\"size\":33554432}")
                .post(project + "/volumes?wait=30s")
                .then()
                .statusCode(200);
        return AdminApi.admin()
                .get(project + "/volumes/" + name)
                .then()
                .extract()
                .path("id");
    }

    private static ValidatableResponse patch(RequestSpecification by, String instance, String body) {
        return by.header("If-Match", "*")
                .body(body)
                .patch(instance + "?wait=30s")
                .then();
    }

    private static void patched(String instance, String body) {
        patch(AdminApi.admin(), instance, body).statusCode(200).body("state", equalTo("succeeded"));
    }

    private static ValidatableResponse get(String instance) {
        return AdminApi.admin().get(instance).then();
    }

    private static void act(String instance, String verb, String body) {
        AdminApi.admin()
                .body(body)
                .post(instance + "/actions/" + verb + "?wait=30s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
    }

    private static void fails(String instance, String verb, String body) {
        AdminApi.admin()
                .body(body)
                .post(instance + "/actions/" + verb + "?wait=30s")
                .then()
                .statusCode(500)
                .body("code", equalTo("driver-failed"));
    }

    /** An image that declares a volume, which a container named other has. */
    private String declaring() {
        return get(made("other", "registry.test/volume-app:2", "")).extract().path("image");
    }

    private static String inside(String instance, String command) {
        return AdminApi.admin()
                .body("{\"command\":[\"" + command + "\"]}")
                .post(instance + "/exec")
                .then()
                .extract()
                .path("stdout");
    }

    private ValidatableResponse volumes() {
        return AdminApi.admin().get(project + "/volumes").then();
    }

    @Test
    void itsProcessChangesWithTheNextStart() {
        String app = made("app", "busybox", ",\"command\":[\"httpd\"],\"env\":{\"OLD\":\"1\"},\"start\":true");
        patched(
                app,
                "{\"command\":[\"worker\",\"-v\"],\"env\":{\"NEW\":\"2\"},\"user\":\"1000:1000\",\"stopSignal\":\"SIGINT\","
                        + "\"workingDirectory\":\"/srv\",\"tty\":true,\"stdin\":true}");
        get(app).body("restartNeeded", equalTo(true))
                .body("spec.process.args", contains("worker", "-v"))
                .body("spec.process.env", hasItem("NEW=2"))
                .body("spec.process.env", not(hasItem("OLD=1")))
                .body("spec.process.user", equalTo("1000:1000"))
                .body("spec.process.workingDirectory", equalTo("/srv"))
                .body("spec.process.stopSignal", equalTo("SIGINT"))
                .body("spec.process.tty", equalTo(true))
                .body("spec.process.stdin", equalTo(true));
        act(app, "restart", "{}");
        get(app).body("restartNeeded", equalTo(false)).body("state", equalTo("running"));
        assertThat(inside(app, "id")).isEqualTo("1000:1000\n");
    }

    @Test
    void anEntryPointTakesTheCommandWithIt() {
        String app = made("app", "busybox", ",\"entrypoint\":[\"sh\",\"-c\"],\"command\":[\"true\"]");
        patched(app, "{\"entrypoint\":[\"httpd\",\"-f\"]}");
        get(app).body("spec.process.args", contains("httpd", "-f"));
        patched(app, "{\"entrypoint\":[\"tini\"],\"command\":[\"httpd\"]}");
        get(app).body("spec.process.args", contains("tini", "httpd"));
    }

    @Test
    void lockingInMountsAndHostsChangeWithTheNextStart() {
        volume("data");
        String app = made("app", "busybox", ",\"command\":[\"httpd\"],\"start\":true");
        patched(app, "{\"security\":{\"readOnlyRoot\":true,\"dropCapabilities\":[\"ALL\"]}}");
        get(app).body("restartNeeded", equalTo(true))
                .body("spec.security.readOnlyRoot", equalTo(true))
                .body("spec.security.noNewPrivileges", equalTo(true))
                .body("spec.security.dropCapabilities", contains("ALL"));
        act(app, "restart", "{}");
        patched(app, "{\"mounts\":[{\"volume\":\"data\",\"target\":\"/srv\"},{\"tmpfs\":65536,\"target\":\"/run\"}]}");
        get(app).body("restartNeeded", equalTo(true))
                .body("spec.mounts.target", contains("/srv"))
                .body("spec.tmpfs.target", contains("/run"));
        AdminApi.admin()
                .header("If-Match", "*")
                .delete(project + "/volumes/data")
                .then()
                .statusCode(409);
        patched(app, "{\"mounts\":[]}");
        get(app).body("spec.mounts", empty()).body("spec.tmpfs", empty());
        act(app, "restart", "{}");
        patched(app, "{\"limits\":{\"pids\":77}}");
        get(app).body("restartNeeded", equalTo(false));
        patched(app, "{\"limits\":{\"ulimits\":[{\"name\":\"nofile\",\"soft\":64,\"hard\":64}]}}");
        get(app).body("restartNeeded", equalTo(true))
                .body("spec.limits.pids", equalTo(77))
                .body("spec.limits.ulimits.name", contains("nofile"));
        act(app, "restart", "{}");
        patched(app, "{\"extraHosts\":{\"db\":\"10.1.2.3\"}}");
        get(app).body("restartNeeded", equalTo(true)).body("spec.extraHosts.db", equalTo("10.1.2.3"));
    }

    @Test
    void theHostNameIsTheInstancesUnlessAnotherIsGiven() {
        String app = made("app", "busybox", ",\"command\":[\"httpd\"],\"start\":true");
        get(app).body("spec.hostname", nullValue());
        assertThat(inside(app, "hostname")).isEqualTo("app\n");
        String other = made("other", "busybox", ",\"command\":[\"httpd\"],\"hostname\":\"web-1.shop\",\"start\":true");
        assertThat(inside(other, "hostname")).isEqualTo("web-1.shop\n");
        patched(other, "{\"hostname\":\"web-2\"}");
        get(other).body("spec.hostname", equalTo("web-2")).body("restartNeeded", equalTo(true));
        act(other, "restart", "{}");
        assertThat(inside(other, "hostname")).isEqualTo("web-2\n");
    }

    @Test
    void volumesThatGoWithItStayWhereTheyAre() {
        String own = made("db", "registry.test/volume-db:1", "");
        volume("data");
        patched(own, "{\"mounts\":[{\"volume\":\"data\",\"target\":\"/srv\"}]}");
        get(own).body("spec.mounts.target", containsInAnyOrder("/data", "/srv"));
        patched(own, "{\"mounts\":[{\"volume\":\"db-1\",\"target\":\"/data/\"}]}");
        get(own).body("spec.mounts.target", contains("/data/"));
        patch(AdminApi.admin(), own, "{\"mounts\":[{\"volume\":\"data\",\"target\":\"/data\"}]}")
                .statusCode(400);
        get(own).body("spec.mounts.target", contains("/data/"));
    }

    @Test
    void aDeclaredPathThatIsUncoveredGetsAVolume() {
        volume("data");
        String db = made("db", "registry.test/volume-db:1", ",\"mounts\":[{\"volume\":\"data\",\"target\":\"/data\"}]");
        volumes().body("items.name", contains("data"));
        patched(db, "{\"mounts\":[]}");
        get(db).body("spec.mounts.target", contains("/data"));
        volumes().body("items.name", contains("data", "db-1")).body("items.state", contains("ready", "ready"));
    }

    @Test
    void aRebuildAddsTheVolumesThatTheNewImageDeclares() {
        String app = made("app", "busybox", ",\"command\":[\"httpd\"]");
        String image = declaring();
        act(app, "rebuild", "{\"image\":\"" + image + "\",\"start\":true}");
        get(app).body("spec.mounts.target", contains("/data")).body("state", equalTo("running"));
        volumes().body("items.name", contains("app-1", "other-1")).body("items.state", contains("ready", "ready"));
        act(app, "stop", "{}");
        act(app, "rebuild", "{\"image\":\"" + image + "\"}");
        volumes().body("items.name", contains("app-1", "other-1"));
        AdminApi.admin().delete(app + "?wait=30s").then().statusCode(200);
        volumes().body("items.name", contains("other-1"));
    }

    @Test
    void aRebuildWaitsUntilNoSnapshotIsOfTheOldDisk() {
        String app = made("app", "busybox", ",\"command\":[\"httpd\"]");
        String image = declaring();
        AdminApi.admin()
                .body("{\"name\":\"before\"}")
                .post(app + "/snapshots?wait=30s")
                .then()
                .statusCode(200);
        AdminApi.admin()
                .body("{\"image\":\"" + image + "\"}")
                .post(app + "/actions/rebuild")
                .then()
                .statusCode(409)
                .body("code", equalTo("in-use"))
                .body("detail", containsString("before"));
        get(app).body("imageName", equalTo("busybox"));
        AdminApi.admin()
                .post(app + "/snapshots/before/actions/revert?wait=30s")
                .then()
                .statusCode(200);
        AdminApi.admin().delete(app + "/snapshots/before?wait=30s").then().statusCode(200);
        act(app, "rebuild", "{\"image\":\"" + image + "\"}");
    }

    @Test
    void aRebuildThatFailsLeavesNoVolume() {
        String app = made("app", "busybox", ",\"command\":[\"httpd\"]");
        String image = declaring();
        FakeNode node = (FakeNode) nodes.drivers(nodes.choose().id());
        node.behaviour().fail("Rebuilding.rebuild", ErrorCode.DRIVER_FAILED, 1);
        fails(app, "rebuild", "{\"image\":\"" + image + "\"}");
        get(app).body("spec.mounts", empty()).body("imageName", equalTo("busybox"));
        volumes().body("items.name", contains("other-1"));
    }

    @Test
    void aRebuildWhoseStartFailsStaysRebuilt() {
        String app = made("app", "busybox", ",\"command\":[\"httpd\"]");
        String image = declaring();
        FakeNode node = (FakeNode) nodes.drivers(nodes.choose().id());
        node.behaviour().fail("InstanceDriver.start", ErrorCode.DRIVER_FAILED, 1);
        fails(app, "rebuild", "{\"image\":\"" + image + "\",\"start\":true}");
        get(app).body("spec.mounts.target", contains("/data"))
                .body("imageName", containsString("volume-app"))
                .body("state", equalTo("stopped"));
        volumes().body("items.name", contains("app-1", "other-1")).body("items.state", contains("ready", "ready"));
        act(app, "start", "{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"command\":[]} | /command",
                "{\"command\":[\"a\\u0000\"]} | /command/0",
                "{\"entrypoint\":[]} | /command",
                "{\"env\":{\"A B\":\"1\"}} | /env",
                "{\"user\":\"\"} | /user",
                "{\"user\":\"a b\"} | /user",
                "{\"workingDirectory\":\"srv\"} | /workingDirectory",
                "{\"stopSignal\":\"TERM\"} | /stopSignal",
                "{\"security\":{\"addCapabilities\":[\"ROOT\"]}} | /security/addCapabilities",
                "{\"mounts\":[{\"target\":\"/x\"}]} | /mounts/0",
                "{\"mounts\":[{\"tmpfs\":65536,\"target\":\"/proc/x\"}]} | /mounts",
                "{\"mounts\":[{\"volume\":\"none\",\"target\":\"/x\"}]} | /mounts/0/volume",
                "{\"limits\":{\"ulimits\":[{\"name\":\"files\",\"soft\":1,\"hard\":1}]}} | /limits/ulimits",
                "{\"extraHosts\":{\"a b\":\"10.0.0.1\"}} | /extraHosts",
                "{\"hostname\":\"\"} | /hostname",
                "{\"hostname\":\"a_b\"} | /hostname",
                "{\"hostname\":\"-a\"} | /hostname"
            })
    void whatNoCreateWouldTakeIsRefused(String body, String pointer) {
        String app = made("app", "busybox", ",\"command\":[\"httpd\"]");
        patch(AdminApi.admin(), app, body).statusCode(400).body("errors.pointer", hasItems(pointer));
        get(app).body("spec.process.args", contains("httpd"));
    }

    @Test
    void aMachineHasNoneOfIt() {
        AdminApi.ensureTinyImage();
        AdminApi.admin()
                .body("{\"name\":\"machine\",\"image\":\"tiny\"}")
                .post(project + "/instances?wait=30s")
                .then()
                .statusCode(200);
        for (String field : new String[] {"\"hostname\":\"a\"", "\"mounts\":[]", "\"command\":[\"a\"]", "\"env\":{}"}) {
            patch(AdminApi.admin(), project + "/instances/machine", "{" + field + "}")
                    .statusCode(400)
                    .body("errors.pointer", contains("/" + field.replaceAll("^\"|\":.*", "")));
        }
    }

    @Test
    void operatorsOpenNothingLater() {
        String operator = AdminApi.admin()
                .body("{\"name\":\"op-" + UUID.randomUUID() + "\",\"role\":\"operator\"}")
                .post("/api/v1/tokens")
                .path("secret");
        String app = made("app", "busybox", ",\"command\":[\"httpd\"]");
        for (String field : new String[] {
            "\"security\":{\"nesting\":true}",
            "\"security\":{\"addCapabilities\":[\"CAP_SYS_ADMIN\"]}",
            "\"mounts\":[{\"hostPath\":\"/etc\",\"target\":\"/host\"}]"
        }) {
            patch(
                            io.restassured.RestAssured.given()
                                    .header("Authorization", "Bearer " + operator)
                                    .contentType("application/json"),
                            app,
                            "{" + field + "}")
                    .statusCode(403);
        }
    }
}
