package dev.berth.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.sql.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads and downloads that must not become an image, through the API and the node's real image store. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(FileImageNode.class)
class BadImageTest {
    @Inject
    Sql sql;

    @BeforeEach
    void prepare() {
        Household.prepare();
    }

    static Stream<String> refused() {
        return HostileImages.refused().keySet().stream();
    }

    static Stream<String> bombs() {
        return HostileImages.bombs(1).keySet().stream();
    }

    private static void problem(ValidatableResponse response, int status, String code) {
        response.statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code))
                .body("requestId", notNullValue())
                .body("detail", not(containsString("/tmp/")));
    }

    private void refused(byte[] content, String more, int status, String code) {
        Residue before = Residue.of(sql, FileImageNode.store());
        String upload = Household.upload(content);
        Response response = Household.importImage("hostile", upload, more);
        problem(response.then(), status, code);
        AdminApi.admin()
                .get("/api/v1/operations/" + response.path("operation"))
                .then()
                .statusCode(200)
                .body("state", equalTo("failed"))
                .body("error.code", equalTo(code));
        AdminApi.admin().get("/api/v1/uploads/" + upload).then().statusCode(404);
        AdminApi.admin().get("/api/v1/images/hostile").then().statusCode(404);
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedAndLeavesNothing(String what) {
        refused(content(HostileImages.refused(), what), "", 400, "image-refused");
    }

    static Stream<String> harmless() {
        return HostileImages.harmlessAsRaw().keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmless")
    void whatLooksLikeAReferenceStaysRawBytes(String what) {
        Residue before = Residue.of(sql, FileImageNode.store());
        byte[] content = content(HostileImages.harmlessAsRaw(), what);
        Household.importImage("bytes", Household.upload(content), "").then().statusCode(200);
        AdminApi.admin()
                .get("/api/v1/images/bytes")
                .then()
                .body("format", equalTo("raw"))
                .body("virtualSize", equalTo(content.length))
                .body("sha256", equalTo(Household.sha256(content)));
        AdminApi.admin()
                .header("If-Match", "*")
                .delete("/api/v1/images/bytes?wait=20s")
                .then()
                .statusCode(200);
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void bombsGoOffEarly(String what) {
        byte[] bomb = content(HostileImages.bombs(4 * (int) FileImageNode.MOST_BYTES), what);
        assertThat(bomb.length).isLessThan(1 << 20);
        refused(bomb, "", 413, "too-large");
    }

    private static byte[] content(Map<String, byte[]> images, String what) {
        byte[] content = images.get(what);
        assertThat(content).isNotNull();
        return content == null ? new byte[0] : content;
    }

    @Test
    void aWrongChecksumIsRefused() {
        refused(HostileImages.qcow2(), ",\"sha256\":\"" + "0".repeat(64) + "\"", 400, "checksum-mismatch");
    }

    @Test
    void aGoodImageWithItsChecksumIsTaken() {
        byte[] content = HostileImages.xz(HostileImages.qcow2());
        Residue before = Residue.of(sql, FileImageNode.store());
        Household.importImage("good", Household.upload(content), ",\"sha256\":\"" + Household.sha256(content) + "\"")
                .then()
                .statusCode(200);
        AdminApi.admin()
                .get("/api/v1/images/good")
                .then()
                .body("format", equalTo("qcow2"))
                .body("virtualSize", equalTo(1 << 20));
        AdminApi.admin()
                .header("If-Match", "*")
                .delete("/api/v1/images/good?wait=20s")
                .then()
                .statusCode(200);
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }

    @Test
    void uploadsTakeNoMoreThanTheyWereDeclaredFor() {
        Residue before = Residue.of(sql, FileImageNode.store());
        String id =
                AdminApi.admin().body("{\"size\":5}").post("/api/v1/uploads").path("id");
        problem(send(id, 0, new byte[6]).then(), 413, "too-large");
        problem(send(id, 3, new byte[2]).then(), 409, "wrong-state");
        problem(send(id, -1, new byte[2]).then(), 400, "invalid-argument");
        problem(send(id, Long.MAX_VALUE, new byte[2]).then(), 400, "invalid-argument");
        send(id, 0, new byte[3]).then().statusCode(200).body("received", equalTo(3));
        problem(send(id, 0, new byte[3]).then(), 409, "wrong-state");
        problem(Household.importImage("half", id, "").then(), 409, "wrong-state");
        AdminApi.admin().delete("/api/v1/uploads/" + id).then().statusCode(204);
        problem(send(id, 3, new byte[2]).then(), 404, "not-found");
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }

    private static Response send(String id, long offset, byte[] bytes) {
        return AdminApi.admin()
                .contentType("application/octet-stream")
                .body(bytes)
                .put("/api/v1/uploads/" + id + "?offset=" + offset);
    }

    @Test
    void aForeignUploadDoesNotExist() {
        String id =
                AdminApi.admin().body("{\"size\":5}").post("/api/v1/uploads").path("id");
        Response other = AdminApi.admin()
                .body("{\"name\":\"another\",\"role\":\"operator\"}")
                .post("/api/v1/tokens");
        String secret = other.path("secret");
        problem(
                given().header("Authorization", "Bearer " + secret)
                        .get("/api/v1/uploads/" + id)
                        .then(),
                404,
                "not-found");
        AdminApi.admin()
                .delete("/api/v1/tokens/" + other.path("token.id"))
                .then()
                .statusCode(204);
        AdminApi.admin().delete("/api/v1/uploads/" + id).then().statusCode(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/x",
                "http://localhost:22/x",
                "http://10.1.2.3/x",
                "http://192.168.0.1/x",
                "http://172.16.9.9/x",
                "http://169.254.169.254/latest/meta-data/",
                "http://0.0.0.0/x",
                "http://100.64.0.1/x",
                "http://[::1]/x",
                "http://[::ffff:127.0.0.1]/x",
                "http://[fe80::1]/x",
                "http://[fd00::1]/x",
                "http://[64:ff9b::7f00:1]/x",
                "http://[2002:7f00:1::]/x",
                "http://224.0.0.1/x"
            })
    void privateAddressesAreNotContacted(String url) {
        download(url, "address-refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://2130706433/x", "http://0x7f000001/x", "http://0177.0.0.1/x", "http://127.1/x"})
    void addressesInDisguiseAreNotContacted(String url) {
        Residue before = Residue.of(sql, FileImageNode.store());
        Response response = importUrl(url);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
        assertThat(response.<String>path("code")).isIn("address-refused", "invalid-argument");
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }

    private void download(String url, String code) {
        Residue before = Residue.of(sql, FileImageNode.store());
        problem(importUrl(url).then(), 400, code);
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }

    private static Response importUrl(String url) {
        return AdminApi.admin()
                .body("{\"name\":\"fetched\",\"url\":\"" + url + "\"}")
                .post("/api/v1/images?wait=30s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../etc/passwd", "/etc/./passwd", "", "/proc/self/environ", "\\u0000"})
    void filesOfTheNodeAreOutOfReach(String path) {
        Residue before = Residue.of(sql, FileImageNode.store());
        Response response = AdminApi.admin()
                .body("{\"name\":\"local\",\"path\":\"" + path + "\"}")
                .post("/api/v1/images?wait=30s");
        assertThat(response.statusCode()).as(response.asString()).isIn(400, 403);
        response.then().contentType("application/problem+json").body("detail", not(containsString("root:")));
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }
}
