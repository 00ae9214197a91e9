package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands, logs, files and processes of a container through REST, on the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ContainerInsideTest {
    private String instances = "";
    private String box = "";

    @BeforeEach
    void prepare() {
        Containers.ensureBusybox();
        instances = Containers.newProject() + "/instances";
        String script = "echo one; echo two; echo three >&2; exec sleep 1000";
        AdminApi.admin()
                .body("{\"name\":\"box\",\"image\":\"busybox\",\"start\":true,\"command\":[\"sh\",\"-c\",\"" + script
                        + "\"]}")
                .post(instances + "?wait=30s")
                .then()
                .statusCode(200);
        box = instances + "/box";
    }

    private ValidatableResponse exec(String body) {
        return AdminApi.admin().body(body).post(box + "/exec").then();
    }

    @Test
    void commandsRunToTheirEnd() {
        exec("{\"command\":[\"echo\",\"hello\"]}")
                .statusCode(200)
                .body("exitCode", equalTo(0))
                .body("stdout", equalTo("hello\n"))
                .body("truncated", equalTo(false));
        exec("{\"command\":[\"sh\",\"-c\",\"exit 9\"]}").body("exitCode", equalTo(9));
        exec("{\"command\":[\"cat\"],\"stdin\":\"text\"}").body("stdout", equalTo("text"));
        exec("{\"command\":[\"env\"],\"env\":[\"A=b\"]}").body("stdout", containsString("A=b\n"));
        exec("{\"command\":[\"id\"],\"user\":\"nobody\"}").body("stdout", equalTo("nobody\n"));
        exec("{\"command\":[\"sleep\",\"30\"],\"timeout\":1}").statusCode(504);
        AdminApi.admin().post(box + "/actions/stop?wait=30s").then().statusCode(200);
        exec("{\"command\":[\"true\"]}").statusCode(409).body("code", equalTo("wrong-state"));
    }

    @Test
    void logsAreReadByStreamEndAndTime() {
        assertThat(AdminApi.admin().get(box + "/log").asString()).isEqualTo("one\ntwo\nthree\n");
        assertThat(AdminApi.admin().get(box + "/log?stream=stderr").asString()).isEqualTo("three\n");
        assertThat(AdminApi.admin().get(box + "/log?tail=1").asString()).isEqualTo("three\n");
        assertThat(AdminApi.admin().get(box + "/log?since=2200-01-01T00:00:00Z").asString())
                .isEmpty();
        String json = AdminApi.admin()
                .accept("application/x-ndjson")
                .get(box + "/log?tail=1")
                .asString();
        assertThat(json)
                .contains("\"stream\":\"stderr\"")
                .contains("\"text\":\"three\"")
                .endsWith("}\n");
    }

    @Test
    void aFollowedLogGoesOnAndEndsWithItsContainer() throws Exception {
        String token = AdminApi.admin()
                .body("{\"name\":\"follow\",\"role\":\"viewer\"}")
                .post("/api/v1/tokens")
                .path("secret");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + RestAssured.port + box + "/log?follow=true"))
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<java.io.InputStream> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("one");
            assertThat(lines.readLine()).isEqualTo("two");
            assertThat(lines.readLine()).isEqualTo("three");
            AdminApi.admin().post(box + "/actions/restart?wait=30s").then().statusCode(200);
            assertThat(lines.readLine()).isEqualTo("one");
            assertThat(lines.readLine()).isEqualTo("two");
            assertThat(lines.readLine()).isEqualTo("three");
            AdminApi.admin().delete(box + "?force=true&wait=30s").then().statusCode(200);
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void filesGoInAndOut() {
        byte[] large = new byte[(5 << 20) / 2 + 7];
        Arrays.fill(large, (byte) 'x');
        AdminApi.admin()
                .body("{\"path\":\"/tmp/in\"}")
                .post(box + "/files")
                .then()
                .statusCode(204);
        AdminApi.admin()
                .contentType("application/octet-stream")
                .body(large)
                .put(box + "/files/content?path=/tmp/in/large&mode=0600")
                .then()
                .statusCode(200)
                .body("size", equalTo(large.length));
        AdminApi.admin()
                .get(box + "/files?path=/tmp/in")
                .then()
                .body("items.path", hasItem("/tmp/in/large"))
                .body("items[0].mode", equalTo(0600));
        assertThat(AdminApi.admin()
                        .get(box + "/files/content?path=/tmp/in/large")
                        .asByteArray())
                .isEqualTo(large);
        AdminApi.admin().delete(box + "/files?path=/tmp/in").then().statusCode(409);
        AdminApi.admin().delete(box + "/files?path=/tmp/in/large").then().statusCode(204);
        AdminApi.admin().get(box + "/files/content?path=/tmp/in/large").then().statusCode(404);
    }

    @Test
    void processesAreListedAndChangesBecomeAnImage() {
        AdminApi.admin().get(box + "/processes").then().body("items.pid", hasItem(1));
        String image = "committed-" + box.hashCode();
        AdminApi.admin()
                .body("{\"name\":\"" + image + "\",\"comment\":\"with a change\"}")
                .post(box + "/actions/commit?wait=30s")
                .then()
                .statusCode(200);
        AdminApi.admin()
                .get("/api/v1/images/" + image)
                .then()
                .statusCode(200)
                .body("state", equalTo("ready"))
                .body("format", equalTo("oci"))
                .body("oci.layers.size()", equalTo(3));
        AdminApi.admin()
                .body("{\"name\":\"from-it\",\"image\":\"" + image + "\",\"command\":[\"httpd\"]}")
                .post(instances + "?wait=30s")
                .then()
                .statusCode(200);
    }

    @Test
    void consolesOfContainersHaveTicketsToo() {
        for (String type : new String[] {"attach", "shell"}) {
            AdminApi.admin()
                    .body("{\"type\":\"" + type + "\"}")
                    .post(box + "/consoles")
                    .then()
                    .statusCode(201)
                    .body("ticket", notNullValue());
        }
    }
}
