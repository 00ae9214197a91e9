package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.driver.fake.FakeNode;
import dev.berth.kernel.ErrorCode;
import dev.berth.node.Nodes;
import dev.berth.sql.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OCI images and registries through REST, on the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OciImageTest {
    private static final String IMAGES = "/api/v1/images";
    private static final String REGISTRIES = "/api/v1/registries";
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private final String tag = UUID.randomUUID().toString().substring(0, 8);

    @Inject
    Sql sql;

    @Inject
    Nodes nodes;

    private static RequestSpecification admin() {
        return AdminApi.admin();
    }

    private static ValidatableResponse post(String path, String body) {
        return admin().body(body).post(path + "?wait=20s").then();
    }

    private static void pull(String name, String reference) {
        post(IMAGES, "{\"name\":\"" + name + "\",\"reference\":\"" + reference + "\"}")
                .statusCode(200)
                .body("state", equalTo("succeeded"));
    }

    private static String id(String image) {
        return admin().get(IMAGES + "/" + image)
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    @Test
    void pulledImageShowsWhatItIsAndWhoSharesItsLayers() {
        pull("one-" + tag, "registry.example/web/nginx:1");
        pull("two-" + tag, "registry.example/web/other:1");
        admin().get(IMAGES + "/one-" + tag)
                .then()
                .body("format", equalTo("oci"))
                .body("source", equalTo("registry.example/web/nginx:1"))
                .body("oci.digest", containsString("sha256:"))
                .body("oci.platform", equalTo("linux/amd64"))
                .body("oci.config.exposedPorts", hasItem("80/tcp"));
        admin().get(IMAGES + "/one-" + tag + "/layers")
                .then()
                .statusCode(200)
                .body("", hasSize(2))
                .body("[0].unpacked", equalTo(30 << 20))
                .body("[0].sharedWith.name", hasItem("two-" + tag))
                .body("[1].sharedWith.name", not(hasItem("two-" + tag)));
        AdminApi.ensureTinyImage();
        admin().get(IMAGES + "/tiny/layers").then().statusCode(422).body("code", equalTo("unsupported"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPPER/Case", "a b", "registry.example/x@sha256:12", "http://registry.example/x", "", "-"})
    void badReferencesAreRefusedAtOnce(String reference) {
        post(IMAGES, "{\"name\":\"bad-" + tag + "\",\"reference\":\"" + reference + "\"}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/reference"));
    }

    @Test
    void platformGoesWithAReferenceOnly() {
        post(IMAGES, "{\"name\":\"p-" + tag + "\",\"recipe\":\"tiny\",\"platform\":\"linux/arm64\"}")
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/platform"));
    }

    @Test
    void passwordIsKeptSealedAndNeverShown() {
        String host = tag + ".example:5000";
        String secret = "hunter2-" + tag;
        String made = admin().body("{\"host\":\"" + host + "\",\"username\":\"me\",\"password\":\"" + secret + "\"}")
                .post(REGISTRIES)
                .then()
                .statusCode(201)
                .body("username", equalTo("me"))
                .body("plainHttp", equalTo(false))
                .extract()
                .asString();
        assertThat(made).doesNotContain(secret);
        pull("sealed-" + tag, host + "/app:1");
        assertThat(admin().get(REGISTRIES).asString()).contains(host).doesNotContain(secret);
        assertThat(sql.query(row -> row.getString(1), "select parameters::text from operation"))
                .noneMatch(text -> text.contains(secret));
        assertThat(sql.query(row -> row.getBytes(1), "select secret from image_registry where host = ?", host))
                .singleElement()
                .satisfies(bytes -> assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                        .doesNotContain(secret));
        assertThat(sql.query(row -> row.getString(1), "select row_to_json(e)::text from event e"))
                .noneMatch(text -> text.contains(secret));
    }

    @Test
    void registriesAreChangedAndForgotten() {
        String host = tag + ".example";
        admin().body("{\"host\":\"" + host + "\"}").post(REGISTRIES).then().statusCode(201);
        admin().body("{\"host\":\"" + host + "\"}")
                .post(REGISTRIES)
                .then()
                .statusCode(409)
                .body("code", equalTo("name-taken"));
        admin().body("{\"plainHttp\":true}")
                .patch(REGISTRIES + "/" + host)
                .then()
                .statusCode(428);
        admin().header("If-Match", "*")
                .body("{\"plainHttp\":true,\"username\":\"a\",\"password\":\"b\"}")
                .patch(REGISTRIES + "/" + host)
                .then()
                .statusCode(200)
                .body("plainHttp", equalTo(true))
                .body("username", equalTo("a"));
        admin().header("If-Match", "*")
                .body("{\"username\":\"a\"}")
                .patch(REGISTRIES + "/" + host)
                .then()
                .statusCode(400);
        admin().header("If-Match", "*")
                .body("{\"username\":\"\",\"password\":\"\"}")
                .patch(REGISTRIES + "/" + host)
                .then()
                .statusCode(200)
                .body("username", equalTo(null));
        admin().header("If-Match", "*").delete(REGISTRIES + "/" + host).then().statusCode(204);
        admin().get(REGISTRIES + "/" + host).then().statusCode(404);
        admin().body("{\"host\":\"http://x/\"}").post(REGISTRIES).then().statusCode(400);
    }

    @Test
    void pullOfWhatHasNotChangedChangesNothing() {
        pull("same-" + tag, "registry.example/same:1");
        String before = id("same-" + tag);
        post(IMAGES + "/same-" + tag + "/actions/pull", "{}").statusCode(200);
        assertThat(id("same-" + tag)).isEqualTo(before);
        admin().get(IMAGES + "?limit=200").then().body("items.name", not(hasItem(containsString("same-" + tag + "@"))));
    }

    @Test
    void pullOfSomethingNewTakesOverTheNameAndInstancesKeepTheirs() {
        String name = "roll-" + tag;
        pull(name, "registry.example/rolling-" + tag + ":1");
        String first = id(name);
        String instance = "{\"name\":\"c-" + tag + "\",\"kind\":\"container\",\"image\":\"" + name + "\"}";
        post(INSTANCES, instance).statusCode(200);
        admin().get(IMAGES + "/" + name + "/layers").then().body("[1].containers", equalTo(1));

        post(IMAGES + "/" + name + "/actions/pull", "{}").statusCode(200);
        String second = id(name);
        assertThat(second).isNotEqualTo(first);
        admin().get(IMAGES + "/" + first).then().statusCode(200).body("name", containsString(name + "@"));
        post(IMAGES + "/" + first + "/actions/pull", "{}").statusCode(409);

        post(IMAGES + "/" + name + "/actions/pull", "{}").statusCode(200);
        admin().get(IMAGES + "/" + second).then().statusCode(404);
        admin().get(IMAGES + "/" + first).then().statusCode(200);
    }

    @Test
    void imageIsPushedAndExported() {
        pull("push-" + tag, "registry.example/push:1");
        post(IMAGES + "/push-" + tag + "/actions/push", "{\"reference\":\"registry.example/mirror:1\"}")
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        post(IMAGES + "/push-" + tag + "/actions/push", "{\"reference\":\"registry.example/x@sha256:1\"}")
                .statusCode(400);
        for (String format : new String[] {"oci", "docker"}) {
            assertThat(admin().get(IMAGES + "/push-" + tag + "/export?format=" + format)
                            .then()
                            .statusCode(200)
                            .header("Content-Disposition", containsString("push-" + tag + "." + format + ".tar"))
                            .extract()
                            .asByteArray())
                    .isNotEmpty();
        }
        admin().get(IMAGES + "/push-" + tag + "/export?format=zip").then().statusCode(400);
    }

    @Test
    void garbageIsCollectedOnEveryNode() {
        admin().post("/api/v1/layers/actions/collect-garbage?dryRun=true")
                .then()
                .statusCode(200)
                .body("node", hasItems("local"))
                .body("[0].layers", hasSize(0));
        admin().post("/api/v1/layers/actions/collect-garbage?node=nowhere")
                .then()
                .statusCode(400);
    }

    @Test
    void ofTwoCreatesThatShareAPullOnlyTheOneThatFailsFails() throws Exception {
        FakeNode node = (FakeNode) nodes.drivers(nodes.choose().id());
        int before = node.behaviour().calls("ImageDriver.importImage");
        node.behaviour().hang("ImageDriver.importImage");
        List<String> operations = new ArrayList<>();
        for (String name : List.of("a-" + tag, "b-" + tag)) {
            operations.add(admin().body("{\"name\":\"" + name
                            + "\",\"kind\":\"container\",\"image\":\"registry.example/shared-" + tag + ":1\"}")
                    .post(INSTANCES)
                    .then()
                    .statusCode(202)
                    .extract()
                    .path("id"));
        }
        while (node.behaviour().calls("ImageDriver.importImage") < before + 2) {
            Thread.sleep(20);
        }
        node.behaviour().fail("ImageDriver.importImage", ErrorCode.CHECKSUM_MISMATCH, 1);
        node.behaviour().release("ImageDriver.importImage");
        List<String> states = new ArrayList<>();
        for (String operation : operations) {
            states.add(ended(operation));
        }
        assertThat(states).containsExactlyInAnyOrder("succeeded", "failed");
        admin().get(IMAGES + "/shared-" + tag + "-1").then().statusCode(200).body("state", equalTo("ready"));
    }

    private static String ended(String operation) throws InterruptedException {
        String state = "";
        for (long end = System.nanoTime() + 30_000_000_000L; System.nanoTime() < end; Thread.sleep(50)) {
            state = admin().get("/api/v1/operations/" + operation).path("state");
            if (List.of("succeeded", "failed", "cancelled").contains(state)) {
                return state;
            }
        }
        return state;
    }
}
