package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of an instance through REST, on the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LifecycleTest {
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private final String name = "t-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void image() {
        AdminApi.ensureTinyImage();
    }

    private static RequestSpecification admin() {
        return AdminApi.admin();
    }

    private JsonPath create(String body) {
        return admin().body(body)
                .post(INSTANCES + "?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"))
                .extract()
                .jsonPath();
    }

    private String small(boolean start) {
        return "{\"name\":\"" + name
                + "\",\"kind\":\"vm\",\"image\":\"tiny\",\"cpus\":1,\"memory\":536870912,\"start\":" + start + "}";
    }

    @Test
    void createsStartsAndShowsWhatTheNodeSees() {
        create(small(true));
        admin().get(INSTANCES + "/" + name)
                .then()
                .statusCode(200)
                .body("state", equalTo("running"))
                .body("desiredState", equalTo("running"))
                .body("addresses.size()", equalTo(1))
                .body("nics[0].network", equalTo("berth0"));
        String log = admin().get(INSTANCES + "/" + name + "/log")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(log).contains("GUEST-UP");
    }

    @Test
    void goesThroughAllPowerStates() {
        create(small(false));
        act("start", "running");
        act("pause", "paused");
        act("resume", "running");
        act("reset", "running");
        act("restart", "running");
        act("shutdown", "stopped");
        admin().post(INSTANCES + "/" + name + "/actions/pause")
                .then()
                .statusCode(409)
                .body("code", equalTo("wrong-state"));
    }

    private void act(String verb, String state) {
        admin().post(INSTANCES + "/" + name + "/actions/" + verb + "?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        admin().get(INSTANCES + "/" + name).then().body("state", equalTo(state));
    }

    @Test
    void deletesOnlyWhatIsStoppedUnlessForced() {
        create(small(true));
        admin().delete(INSTANCES + "/" + name).then().statusCode(409);
        admin().delete(INSTANCES + "/" + name + "?force=true&wait=20s").then().statusCode(200);
        admin().get(INSTANCES + "/" + name).then().statusCode(404).body("code", equalTo("not-found"));
    }

    @Test
    void changesNeedTheEtagThatWasSeen() {
        create(small(false));
        String etag = admin().get(INSTANCES + "/" + name).header("ETag");
        String body = "{\"cpus\":2,\"memory\":1073741824,\"disks\":[{\"name\":\"root\",\"size\":1073741824}]}";
        admin().body(body).patch(INSTANCES + "/" + name).then().statusCode(428);
        admin().body(body)
                .header("If-Match", etag)
                .patch(INSTANCES + "/" + name + "?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        admin().body(body)
                .header("If-Match", etag)
                .patch(INSTANCES + "/" + name)
                .then()
                .statusCode(412);
        admin().get(INSTANCES + "/" + name)
                .then()
                .body("cpus", equalTo(2))
                .body("memory", equalTo(1073741824))
                .body("disks[0].size", equalTo(1073741824));
    }

    @Test
    void takesRevertsAndRemovesSnapshots() {
        create(small(true));
        String snapshots = INSTANCES + "/" + name + "/snapshots";
        admin().body("{\"name\":\"before\",\"withMemory\":true}")
                .post(snapshots + "?wait=20s")
                .then()
                .body("state", equalTo("succeeded"));
        admin().get(snapshots).then().body("items.name", contains("before")).body("items[0].state", equalTo("ready"));
        admin().post(snapshots + "/before/actions/revert?wait=20s").then().body("state", equalTo("succeeded"));
        admin().delete(snapshots + "/before?wait=20s").then().body("state", equalTo("succeeded"));
        admin().get(snapshots).then().body("items", empty());
    }

    @Test
    void clonesAndRebuilds() {
        create(small(false));
        admin().body("{\"name\":\"" + name + "-copy\"}")
                .post(INSTANCES + "/" + name + "/actions/clone?wait=20s")
                .then()
                .body("state", equalTo("succeeded"));
        String mac = admin().get(INSTANCES + "/" + name).jsonPath().getString("nics[0].mac");
        admin().get(INSTANCES + "/" + name + "-copy").then().body("nics[0].mac", not(equalTo(mac)));
        admin().post(INSTANCES + "/" + name + "/actions/rebuild?wait=20s")
                .then()
                .body("state", equalTo("succeeded"));
        admin().get(INSTANCES + "/" + name).then().body("nics[0].mac", equalTo(mac));
    }

    @Test
    void listsFilterAndInventoryFindIt() {
        create(small(false));
        admin().queryParam("filter", "name=" + name + " state=stopped cpus>=1")
                .get("/api/v1/instances")
                .then()
                .statusCode(200)
                .body("items.name", contains(name));
        admin().get("/api/v1/inventory").then().statusCode(200).body("instances.name", hasItem(name));
    }

    @Test
    void theSameIdempotencyKeyMakesOne() {
        String key = UUID.randomUUID().toString();
        String first = admin().header("Idempotency-Key", key)
                .body(small(false))
                .post(INSTANCES)
                .jsonPath()
                .getString("id");
        admin().header("Idempotency-Key", key)
                .body(small(false))
                .post(INSTANCES)
                .then()
                .body("id", equalTo(first));
        admin().header("Idempotency-Key", key)
                .body(small(true))
                .post(INSTANCES)
                .then()
                .statusCode(422);
    }
}
