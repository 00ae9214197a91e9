package dev.berth.instance;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container from its creation to its end, on the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ContainerLifeTest {
    private String instances = "";

    @BeforeEach
    void prepare() {
        Containers.ensureBusybox();
        instances = Containers.newProject() + "/instances";
    }

    private ValidatableResponse create(String body) {
        return AdminApi.admin().body(body).post(instances + "?wait=20s").then();
    }

    private static void act(String instance, String verb) {
        AdminApi.admin()
                .post(instance + "/actions/" + verb + "?wait=20s")
                .then()
                .statusCode(200);
    }

    @Test
    void livesFromCreationToDeletion() {
        create("{\"name\":\"web\",\"image\":\"busybox\",\"command\":[\"httpd\"],\"env\":{\"A\":\"1\"},\"start\":true}")
                .statusCode(200);
        String web = instances + "/web";
        AdminApi.admin()
                .get(web)
                .then()
                .statusCode(200)
                .body("kind", equalTo("container"))
                .body("state", equalTo("running"))
                .body("exit", nullValue())
                .body("disks.name", contains("root"))
                .body("addresses.size()", equalTo(1))
                .body("spec.mode", equalTo("app"))
                .body("spec.process.args", contains("httpd"))
                .body("spec.process.env", hasItem("A=1"))
                .body("spec.process.env", hasItem(containsString("PATH=")));
        act(web, "pause");
        AdminApi.admin().get(web).then().body("state", equalTo("paused"));
        act(web, "resume");
        act(web, "restart");
        AdminApi.admin().get(web).then().body("state", equalTo("running")).body("exit.code", equalTo(137));
        act(web, "stop");
        AdminApi.admin().get(web).then().body("state", equalTo("stopped")).body("exit.at", notNullValue());
        AdminApi.admin().delete(web + "?wait=20s").then().statusCode(200);
        AdminApi.admin().get(web).then().statusCode(404);
    }
}
