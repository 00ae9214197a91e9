package dev.berth.rest;

import static org.hamcrest.Matchers.equalTo;

import dev.berth.app.AdminApi;
import io.restassured.response.Response;
import java.util.HexFormat;

/** What the tables of bad input refer to: an image {@code base}, instances {@code off}, {@code on} and {@code kept}. */
final class Household {
    private static boolean prepared;

    private Household() {}

    static synchronized void prepare() {
        if (prepared) {
            return;
        }
        byte[] disk = new byte[2 << 20];
        importImage("base", upload(disk), "").then().statusCode(200);
        create("{\"name\":\"off\",\"image\":\"base\"}", "used");
        create("{\"name\":\"on\",\"image\":\"base\",\"start\":true}", "used too");
        create("{\"name\":\"kept\",\"deletionProtection\":true}", "used as well");
        create("{\"name\":\"gone\"}", "used last");
        AdminApi.admin().delete(BadBodies.INSTANCES + "/gone?wait=20s").then().statusCode(200);
        AdminApi.admin()
                .body("{\"name\":\"first\"}")
                .post(BadBodies.INSTANCES + "/off/snapshots?wait=20s")
                .then()
                .statusCode(200);
        prepared = true;
    }

    private static void create(String body, String key) {
        AdminApi.admin()
                .body(body)
                .header("Idempotency-Key", key)
                .post(BadBodies.INSTANCES + "?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
    }

    /** Sends bytes as an upload and returns its id. */
    static String upload(byte[] content) {
        String id = AdminApi.admin()
                .body("{\"size\":" + content.length + "}")
                .post("/api/v1/uploads")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        AdminApi.admin()
                .contentType("application/octet-stream")
                .body(content)
                .put("/api/v1/uploads/" + id)
                .then()
                .statusCode(200);
        return id;
    }

    static Response importImage(String name, String upload, String more) {
        return AdminApi.admin()
                .body("{\"name\":\"" + name + "\",\"upload\":\"" + upload + "\"" + more + "}")
                .post("/api/v1/images?wait=60s");
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
