package dev.berth.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.sql.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** API tokens: how they are kept, and when they stop working. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TokenTest {
    @Inject
    Sql sql;

    private static RequestSpecification as(String secret) {
        return given().header("Authorization", "Bearer " + secret).contentType(ContentType.JSON);
    }

    private static Response issue(RequestSpecification by, String more) {
        return by.body("{\"name\":\"t\"" + more + "}").post("/api/v1/tokens");
    }

    @Test
    void theSecretIsShownOnceAndStoredNowhere() {
        Response issued = issue(AdminApi.admin(), "");
        issued.then().statusCode(201).header("Cache-Control", equalTo("no-store"));
        String secret = issued.path("secret");
        as(secret).get("/api/v1/instances").then().statusCode(200);
        AdminApi.admin().get("/api/v1/tokens?limit=1000").then().statusCode(200).body(not(containsString(secret)));
        for (String table : sql.query(
                row -> row.getString(1),
                "select table_name from information_schema.tables where table_schema = 'public'")) {
            long holding = sql.query(
                            row -> row.getLong(1),
                            "select count(*) from " + table + " t where strpos(t::text, ?) > 0",
                            secret.substring("berth_".length()))
                    .getFirst();
            assertThat(holding).as(table).isZero();
        }
    }

    @Test
    void itEndsWhenItExpires() {
        String end = Instant.now().plusSeconds(3600).toString();
        Response issued = issue(AdminApi.admin(), ",\"expiresAt\":\"" + end + "\"");
        String secret = issued.path("secret");
        as(secret).get("/api/v1/instances").then().statusCode(200);
        sql.update(
                "update api_token set expires_at = ? where id = ?",
                Instant.now().minusMillis(1),
                UUID.fromString(issued.path("token.id")));
        as(secret).get("/api/v1/instances").then().statusCode(401).body("code", equalTo("unauthenticated"));
    }

    @Test
    void itEndsAtOnceWhenItIsRevoked() {
        Response issued = issue(AdminApi.admin(), "");
        AdminApi.admin()
                .delete("/api/v1/tokens/" + issued.path("token.id"))
                .then()
                .statusCode(204);
        as(issued.path("secret")).get("/api/v1/instances").then().statusCode(401);
        AdminApi.admin()
                .delete("/api/v1/tokens/" + issued.path("token.id"))
                .then()
                .statusCode(404);
    }

    @Test
    void nobodyGivesMoreThanHeHas() {
        String operator = issue(AdminApi.admin(), ",\"role\":\"operator\"").path("secret");
        issue(as(operator), ",\"role\":\"admin\"").then().statusCode(403);
        Response lesser = issue(as(operator), ",\"role\":\"viewer\"");
        lesser.then().statusCode(201).body("token.role", equalTo("viewer"));
    }

    @Test
    void othersTokensDoNotExistBelowAdmin() {
        String operator = issue(AdminApi.admin(), ",\"role\":\"operator\"").path("secret");
        String admins = issue(AdminApi.admin(), "").path("token.id");
        as(operator).delete("/api/v1/tokens/" + admins).then().statusCode(404);
        as(operator).get("/api/v1/tokens").then().statusCode(200).body(not(containsString(admins)));
    }

    @Test
    void aTokenGoesDownAndOutWithItsUser() {
        makeAdmin("u" + UUID.randomUUID().toString().substring(0, 8)); // the last one could not be changed
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String user = makeAdmin(name);
        Response login = given().contentType(ContentType.JSON)
                .body("{\"name\":\"" + name + "\",\"password\":\"correct horse battery\"}")
                .post("/api/v1/session");
        String secret = issue(
                        given().contentType(ContentType.JSON)
                                .cookie(Sessions.COOKIE, login.getCookie(Sessions.COOKIE))
                                .header(CsrfFilter.HEADER, login.<String>path("csrfToken")),
                        "")
                .path("secret");
        as(secret).get("/api/v1/users").then().statusCode(200);
        change(user, "{\"role\":\"viewer\"}");
        as(secret).get("/api/v1/users").then().statusCode(403);
        as(secret).get("/api/v1/instances").then().statusCode(200);
        change(user, "{\"disabled\":true}");
        as(secret).get("/api/v1/instances").then().statusCode(401);
        AdminApi.admin()
                .header("If-Match", "*")
                .delete("/api/v1/users/" + user)
                .then()
                .statusCode(204);
        as(secret).get("/api/v1/instances").then().statusCode(401);
    }

    private static String makeAdmin(String name) {
        return AdminApi.admin()
                .body("{\"name\":\"" + name + "\",\"password\":\"correct horse battery\",\"role\":\"admin\"}")
                .post("/api/v1/users")
                .path("id");
    }

    private static void change(String user, String body) {
        AdminApi.admin()
                .header("If-Match", "*")
                .body(body)
                .patch("/api/v1/users/" + user)
                .then()
                .statusCode(200);
    }
}
