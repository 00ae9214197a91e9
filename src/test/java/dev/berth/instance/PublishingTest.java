package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Published ports in create, change and view; who gets a port, and what is said to the other. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PublishingTest {
    private String instances = "";
    private String others = "";

    @BeforeEach
    void prepare() {
        Containers.ensureBusybox();
        instances = Containers.newProject() + "/instances";
        others = Containers.newProject() + "/instances";
    }

    @AfterEach
    void remove() {
        for (String list : new String[] {instances, others}) {
            AdminApi.admin()
                    .get(list)
                    .jsonPath()
                    .getList("items.id", String.class)
                    .forEach(id -> AdminApi.admin().delete(list + "/" + id + "?wait=20s"));
        }
    }

    private static ValidatableResponse create(String list, String name, String kind, String publish) {
        String image = kind.equals("container") ? ",\"image\":\"busybox\"" : "";
        return AdminApi.admin()
                .body("{\"name\":\"" + name + "\",\"kind\":\"" + kind + "\"" + image + ",\"publish\":" + publish + "}")
                .post(list + "?wait=20s")
                .then();
    }

    private static ValidatableResponse change(String instance, String publish) {
        String tag = AdminApi.admin().get(instance).header("ETag");
        return AdminApi.admin()
                .header("If-Match", tag)
                .body("{\"publish\":" + publish + "}")
                .patch(instance + "?wait=20s")
                .then();
    }

    @Test
    void bothKindsPublishAndShowTheirPorts() {
        create(instances, "web", "container", "[{\"host\":18080,\"instance\":80}]")
                .statusCode(200);
        create(
                        instances,
                        "vm",
                        "vm",
                        "[{\"host\":18080,\"instance\":53,\"protocol\":\"udp\",\"address\":\"192.0.2.1\"}]")
                .statusCode(200);
        AdminApi.admin()
                .get(instances + "/web")
                .then()
                .body("publish.host", contains(18080))
                .body("publish.instance", contains(80))
                .body("publish.protocol", contains("tcp"));
        AdminApi.admin().get(instances + "/vm").then().body("publish.address", contains("192.0.2.1"));
    }

    @Test
    void aTakenPortIsRefusedWhenItIsAskedForAndFreeAgainAfterwards() {
        create(instances, "web", "container", "[{\"host\":18081,\"instance\":80}]")
                .statusCode(200);
        create(instances, "second", "vm", "[{\"host\":18081,\"instance\":8000}]")
                .statusCode(409)
                .body("code", equalTo("in-use"))
                .body("detail", containsString("'web'"));
        create(others, "stranger", "vm", "[{\"host\":18081,\"instance\":80,\"address\":\"192.0.2.1\"}]")
                .statusCode(409)
                .body("detail", not(containsString("'web'")));
        AdminApi.admin().get(others + "/stranger").then().statusCode(404);
        create(others, "named", "vm", "[{\"host\":18082,\"instance\":80,\"address\":\"192.0.2.1\"}]")
                .statusCode(200);
        create(others, "elsewhere", "vm", "[{\"host\":18082,\"instance\":80,\"address\":\"192.0.2.2\"}]")
                .statusCode(200);
        create(others, "everywhere", "vm", "[{\"host\":18082,\"instance\":80}]").statusCode(409);
        AdminApi.admin().delete(instances + "/web?wait=20s").then().statusCode(200);
        create(others, "stranger", "vm", "[{\"host\":18081,\"instance\":80}]").statusCode(200);
    }

    @Test
    void portsChangeWithoutARestart() {
        create(instances, "web", "container", "[{\"host\":18083,\"instance\":80}]")
                .statusCode(200);
        change(instances + "/web", "[{\"host\":18084,\"instance\":80}]").statusCode(200);
        AdminApi.admin()
                .get(instances + "/web")
                .then()
                .body("publish.host", contains(18084))
                .body("restartNeeded", equalTo(false));
        create(others, "next", "container", "[{\"host\":18083,\"instance\":80}]")
                .statusCode(200);
        change(others + "/next", "[{\"host\":18084,\"instance\":80}]").statusCode(409);
        AdminApi.admin().get(others + "/next").then().body("publish.host", contains(18083));
        change(others + "/next", "[]").statusCode(200);
        AdminApi.admin().get(others + "/next").then().body("publish", empty());
    }

    @Test
    void whatNobodyMayPublishIsRefusedWithAReason() {
        refused("[{\"host\":22,\"instance\":22}]", "berth.publish.reserved");
        refused("[{\"host\":" + RestAssured.port + ",\"instance\":80}]", "berth.publish.reserved");
        refused("[{\"host\":0,\"instance\":80}]", "1 to 65535");
        refused("[{\"host\":18085,\"instance\":70000}]", "1 to 65535");
        refused("[{\"host\":18085,\"instance\":80,\"address\":\"224.0.0.1\"}]", "no address");
        refused(
                "[{\"host\":18085,\"instance\":80},{\"host\":18085,\"instance\":81,\"address\":\"192.0.2.1\"}]",
                "twice");
        AdminApi.admin()
                .body("{\"name\":\"alone\",\"kind\":\"vm\",\"nics\":[],\"publish\":[{\"host\":18085,\"instance\":80}]}")
                .post(instances + "?wait=20s")
                .then()
                .statusCode(400)
                .body("detail", containsString("interface"));
    }

    private void refused(String publish, String reason) {
        create(instances, "bad", "vm", publish).statusCode(400).body("detail", containsString(reason));
    }

    @Test
    void ofManyWhoWantTheSamePortOneGetsIt() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            var attempts = IntStream.range(0, 8)
                    .<Callable<Integer>>mapToObj(i -> () -> create(
                                    i % 2 == 0 ? instances : others,
                                    "racer" + i,
                                    "vm",
                                    i < 4
                                            ? "[{\"host\":18086,\"instance\":80},{\"host\":18087,\"instance\":80}]"
                                            : "[{\"host\":18087,\"instance\":80},{\"host\":18086,\"instance\":80}]")
                            .extract()
                            .statusCode())
                    .toList();
            var results = threads.invokeAll(attempts).stream()
                    .map(future -> future.resultNow())
                    .toList();
            assertThat(results).containsOnlyOnce(200);
            assertThat(results).filteredOn(status -> status == 409).hasSize(7);
        }
    }
}
