package dev.berth.app;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.ConfigProvider;

/** Requests with the admin token of the application under test. */
public final class AdminApi {
    private AdminApi() {}

    /** A JSON request as the admin. */
    public static RequestSpecification admin() {
        return given().header("Authorization", "Bearer " + token()).contentType(ContentType.JSON);
    }

    /** What a change of something comes to, whatever its version is, when it has ended. */
    public static ValidatableResponse patch(String path, String body) {
        return admin().header("If-Match", "*")
                .body(body)
                .patch(path + "?wait=30s")
                .then();
    }

    public static String token() {
        String state = ConfigProvider.getConfig().getValue("berth.state", String.class);
        try {
            return Files.readString(Path.of(state, "admin-token")).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes sure that there is an image {@code tiny}. */
    public static void ensureTinyImage() {
        if (admin().get("/api/v1/images/tiny").statusCode() == 404) {
            admin().body("{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                    .post("/api/v1/images?wait=20s")
                    .then()
                    .statusCode(200);
        }
    }
}
