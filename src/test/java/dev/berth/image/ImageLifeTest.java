package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of an image through REST, on the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ImageLifeTest {
    private static final String IMAGES = "/api/v1/images";
    private static final String UPLOADS = "/api/v1/uploads";
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private final String name = "i-" + UUID.randomUUID().toString().substring(0, 8);
    private final byte[] content = new byte[100_000];

    ImageLifeTest() {
        new Random(5).nextBytes(content);
    }

    private static RequestSpecification admin() {
        return AdminApi.admin();
    }

    private static String begin(int size) {
        return admin().body("{\"size\":" + size + "}")
                .post(UPLOADS)
                .then()
                .statusCode(201)
                .body("received", equalTo(0))
                .extract()
                .path("id");
    }

    private static ValidatableResponse send(String upload, long offset, byte[] bytes) {
        return admin().contentType(ContentType.BINARY)
                .body(bytes)
                .put(UPLOADS + "/" + upload + "?offset=" + offset)
                .then();
    }

    private ValidatableResponse importing(String source) {
        return admin().body("{\"name\":\"" + name + "\"," + source + "}")
                .post(IMAGES + "?wait=20s")
                .then();
    }

    private void absent() {
        admin().get(IMAGES + "/" + name).then().statusCode(404);
    }

    @Test
    void anUploadGoesOnWhereItBroke() throws Exception {
        String upload = begin(content.length);
        send(upload, 0, Arrays.copyOf(content, 30_000)).statusCode(200).body("received", equalTo(30_000));
        importing("\"upload\":\"" + upload + "\"")
                .statusCode(409)
                .body("code", equalTo("wrong-state"))
                .body("received", equalTo(30_000));
        absent();
        send(upload, 0, content).statusCode(409).body("offset", equalTo(30_000));
        send(upload, 50_000, new byte[10]).statusCode(409).body("offset", equalTo(30_000));
        admin().get(UPLOADS + "/" + upload).then().statusCode(200).body("received", equalTo(30_000));
        send(upload, 30_000, Arrays.copyOfRange(content, 30_000, content.length))
                .statusCode(200)
                .body("received", equalTo(content.length));
        send(upload, content.length, new byte[1]).statusCode(413).body("code", equalTo("too-large"));
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        importing("\"upload\":\"" + upload + "\",\"sha256\":\"" + digest + "\"")
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        admin().get(IMAGES + "/" + name)
                .then()
                .statusCode(200)
                .body("state", equalTo("ready"))
                .body("sha256", equalTo(digest));
        admin().get(UPLOADS + "/" + upload).then().statusCode(404);
        importing("\"upload\":\"" + upload + "\"").statusCode(400);
        byte[] back = admin().get(IMAGES + "/" + name + "/content")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(back).isEqualTo(content);
    }

    @Test
    void aWrongChecksumLeavesNeitherImageNorUpload() {
        String upload = begin(content.length);
        send(upload, 0, content).statusCode(200);
        importing("\"upload\":\"" + upload + "\",\"sha256\":\"" + "0".repeat(64) + "\"")
                .body("code", equalTo("checksum-mismatch"));
        absent();
        admin().get(UPLOADS + "/" + upload).then().statusCode(404);
    }

    @Test
    void uploadsCanBeDropped() {
        String upload = begin(10);
        admin().delete(UPLOADS + "/" + upload).then().statusCode(204);
        admin().get(UPLOADS + "/" + upload).then().statusCode(404);
        send(upload, 0, new byte[10]).statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "9223372036854775807"})
    void uploadsHaveASize(String size) {
        admin().body("{\"size\":" + size + "}")
                .post(UPLOADS)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid-argument"));
    }

    @Test
    void aDownloadShowsItsProgress() {
        String operation = importing("\"url\":\"https://images.example/x.qcow2\"")
                .statusCode(200)
                .body("state", equalTo("succeeded"))
                .body("progress.stage", equalTo("importing"))
                .body("progress.totalBytes", equalTo(64 << 20))
                .extract()
                .path("id");
        assertThat(operation).isNotNull();
        admin().get(IMAGES + "/" + name).then().body("source", equalTo("https://images.example/x.qcow2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"url\":\"file:///etc/shadow\"|/url",
                "\"url\":\"ftp://images.example/x\"|/url",
                "\"url\":\"http://user:secret@images.example/x\"|/url",
                "\"url\":\"\"|/url",
                "\"url\":\"http://\"|/url",
                "\"recipe\":\"windows\"|/recipe",
                "\"recipe\":\"../../bin/sh\"|/recipe",
                "\"catalogue\":\"nothing\"|/catalogue",
                "\"recipe\":\"tiny\",\"sha256\":\"abc\"|/sha256",
                "\"recipe\":\"tiny\",\"url\":\"http://images.example/x\"|",
                "\"sha256\":null|"
            })
    void refusesSources(String source, String pointer) {
        ValidatableResponse answer = importing(source).statusCode(400).body("code", equalTo("invalid-argument"));
        if (pointer != null) {
            answer.body("errors[0].pointer", equalTo(pointer));
        }
        absent();
    }

    @Test
    void importsWhatTheCatalogueOffers() {
        admin().get(IMAGES + "/catalogue")
                .then()
                .statusCode(200)
                .body("name", hasItems("tiny", "debian-12", "ubuntu-24-04"));
        importing("\"catalogue\":\"debian-12\"").statusCode(200).body("state", equalTo("succeeded"));
        admin().get(IMAGES + "/" + name).then().body("source", equalTo("recipe debian-12"));
    }

    @Test
    void anImageInUseIsNotDeletedAndItsUserIsNamed() {
        importing("\"recipe\":\"tiny\"").statusCode(200);
        String instance = "u-" + UUID.randomUUID().toString().substring(0, 8);
        admin().body("{\"name\":\"" + instance + "\",\"kind\":\"vm\",\"image\":\"" + name
                        + "\",\"cpus\":1,\"memory\":268435456}")
                .post(INSTANCES + "?wait=20s")
                .then()
                .statusCode(200);
        admin().header("If-Match", "*")
                .delete(IMAGES + "/" + name + "?wait=20s")
                .then()
                .statusCode(409)
                .body("code", equalTo("in-use"))
                .body("detail", containsString(instance));
        admin().get(IMAGES + "/" + name).then().body("state", equalTo("ready"));
        admin().header("If-Match", "*")
                .delete(INSTANCES + "/" + instance + "?force=true&wait=20s")
                .then()
                .statusCode(200);
        admin().header("If-Match", "*")
                .delete(IMAGES + "/" + name + "?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        absent();
        admin().get(IMAGES).then().body("items.name", not(hasItem(name)));
    }

    @Test
    void namesAreTakenOnceAndChangesNeedTheRightVersion() {
        importing("\"recipe\":\"tiny\"").statusCode(200);
        importing("\"recipe\":\"tiny\"").statusCode(409).body("code", equalTo("name-taken"));
        admin().header("If-Match", "\"99\"").delete(IMAGES + "/" + name).then().statusCode(412);
        admin().get(IMAGES + "/" + name).then().statusCode(200);
    }

    @Test
    void operatorsImportNoFilesOfTheNode() {
        String token = admin().body("{\"name\":\"" + name + "\",\"role\":\"operator\"}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("secret");
        RequestSpecification operator = io.restassured.RestAssured.given()
                .header("Authorization", "Bearer " + token)
                .contentType(ContentType.JSON);
        operator.body("{\"name\":\"" + name + "\",\"path\":\"/var/lib/x.img\"}")
                .post(IMAGES)
                .then()
                .statusCode(403);
        absent();
    }
}
