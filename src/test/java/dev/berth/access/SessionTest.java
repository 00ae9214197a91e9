package dev.berth.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.sql.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.http.Cookie;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Browser sessions: how they begin, what they may, and when they end. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SessionTest {
    private static final String PASSWORD = "correct horse battery";
    private final String name = "u" + UUID.randomUUID().toString().substring(0, 8);
    private String user = "";

    @Inject
    Sql sql;

    @BeforeEach
    void makeUser() {
        user = AdminApi.admin()
                .body("{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"role\":\"admin\"}")
                .post("/api/v1/users")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static RequestSpecification json() {
        return given().contentType(ContentType.JSON);
    }

    private Response login() {
        return json().body("{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                .post("/api/v1/session");
    }

    private static String cookie(Response response) {
        return response.getCookie(Sessions.COOKIE);
    }

    private static RequestSpecification with(String cookie) {
        return json().cookie(Sessions.COOKIE, cookie);
    }

    private static int whoAmI(String cookie) {
        return with(cookie).get("/api/v1/session").statusCode();
    }

    @Test
    void theCookieIsOutOfReachOfScriptsAndOtherSites() {
        Cookie cookie = login().getDetailedCookie(Sessions.COOKIE);
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.getSameSite()).isEqualToIgnoringCase("Strict");
        assertThat(cookie.getPath()).isEqualTo("/");
        assertThat(cookie.getDomain()).isNull();
        assertThat(cookie.getValue()).hasSizeGreaterThanOrEqualTo(43);
    }

    @Test
    void aLoginNeverTakesOverASessionThatWasPlanted() {
        String planted = cookie(login());
        Response again = with(planted)
                .header(CsrfFilter.HEADER, with(planted).get("/api/v1/session").path("csrfToken"))
                .body("{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                .post("/api/v1/session");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(cookie(again)).isNotEqualTo(planted);
        assertThat(whoAmI(planted)).as("the session of before").isEqualTo(401);
        String invented = "A".repeat(43);
        Response fixed = json().cookie(Sessions.COOKIE, invented)
                .body("{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                .post("/api/v1/session");
        assertThat(cookie(fixed)).isNotEqualTo(invented);
        assertThat(whoAmI(invented)).isEqualTo(401);
    }

    @Test
    void aChangeWithTheCookieNeedsTheCsrfToken() {
        Response login = login();
        String cookie = cookie(login);
        String token = login.path("csrfToken");
        String project = "{\"name\":\"" + name + "-p\"}";
        with(cookie)
                .body(project)
                .post("/api/v1/projects")
                .then()
                .statusCode(403)
                .body("code", equalTo("forbidden"));
        for (String wrong : new String[] {"", "x", token + "x", token.toLowerCase(java.util.Locale.ROOT) + "-"}) {
            with(cookie)
                    .header(CsrfFilter.HEADER, wrong)
                    .body(project)
                    .post("/api/v1/projects")
                    .then()
                    .statusCode(403);
        }
        String other = login().path("csrfToken");
        with(cookie)
                .header(CsrfFilter.HEADER, other)
                .body(project)
                .post("/api/v1/projects")
                .then()
                .statusCode(403);
        with(cookie)
                .header("If-Match", "*")
                .delete("/api/v1/projects/" + name + "-p")
                .then()
                .statusCode(403);
        with(cookie).delete("/api/v1/session").then().statusCode(403);
        AdminApi.admin().get("/api/v1/projects/" + name + "-p").then().statusCode(404);
        with(cookie)
                .header(CsrfFilter.HEADER, token)
                .body(project)
                .post("/api/v1/projects")
                .then()
                .statusCode(201);
        with(cookie).get("/api/v1/projects/" + name + "-p").then().statusCode(200);
    }

    @Test
    void logoutEndsItEverywhere() {
        Response login = login();
        String cookie = cookie(login);
        assertThat(whoAmI(cookie)).isEqualTo(200);
        with(cookie)
                .header(CsrfFilter.HEADER, login.<String>path("csrfToken"))
                .delete("/api/v1/session")
                .then()
                .statusCode(204);
        assertThat(whoAmI(cookie)).isEqualTo(401);
    }

    @Test
    void aNewPasswordALesserRoleAndDisablingCountAtOnce() {
        String cookie = cookie(login());
        change("{\"role\":\"viewer\"}");
        with(cookie).get("/api/v1/users").then().statusCode(403);
        change("{\"password\":\"another good password\"}");
        assertThat(whoAmI(cookie)).isEqualTo(401);
        login().then().statusCode(401);
        change("{\"password\":\"" + PASSWORD + "\"}");
        String second = cookie(login());
        change("{\"disabled\":true}");
        assertThat(whoAmI(second)).isEqualTo(401);
        login().then().statusCode(401);
    }

    private void change(String body) {
        AdminApi.admin()
                .header("If-Match", "*")
                .body(body)
                .patch("/api/v1/users/" + user)
                .then()
                .statusCode(200);
    }

    @Test
    void sessionsEndByIdlenessAndAge() {
        String idle = cookie(login());
        sql.update(
                "update web_session set last_seen = ? where hash = ?",
                Instant.now().minusSeconds(13 * 3600),
                Secrets.digest(idle));
        assertThat(whoAmI(idle)).isEqualTo(401);
        String old = cookie(login());
        sql.update(
                "update web_session set expires_at = ? where hash = ?",
                Instant.now().minusSeconds(1),
                Secrets.digest(old));
        assertThat(whoAmI(old)).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"NAME\",\"password\":\"PASSWORD\",\"role\":\"admin\"}",
                "{\"name\":\"NAME\",\"password\":\"PASSWORD\",\"admin\":true}",
                "{\"name\":\"NAME\",\"password\":\"wrong\",\"password\":\"PASSWORD\"}",
                "{\"name\":\"NAME\",\"password\":\"PASSWORD\",\"user\":{\"role\":\"admin\"}}",
                "{\"name\":[\"NAME\"],\"password\":\"PASSWORD\"}",
                "{\"name\":\"NAME\",\"password\":{\"$ne\":null}}",
                "{\"name\":\"NAME\",\"password\":null}",
                "{\"name\":\"NAME\",\"password\":true}",
                "{\"name\":\"NAME\"}",
                "[{\"name\":\"NAME\",\"password\":\"PASSWORD\"}]",
                "{}"
            })
    void aLoginTakesNothingButNameAndPassword(String body) {
        Response response = json().body(body.replace("NAME", name).replace("PASSWORD", PASSWORD))
                .post("/api/v1/session");
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
        assertThat(response.getCookies()).isEmpty();
        json().body("{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                .post("/api/v1/session?role=admin")
                .then()
                .statusCode(400);
    }

    @Test
    void aFormOrAPlainTextIsNoLogin() {
        for (String type : new String[] {"application/x-www-form-urlencoded", "text/plain"}) {
            given().contentType(type)
                    .body("{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                    .post("/api/v1/session")
                    .then()
                    .statusCode(415);
        }
    }

    @Test
    void guessingIsSlowedDownAndTheAnswerTellsNothing() {
        String wrong = "{\"name\":\"" + name + "\",\"password\":\"wrong password\"}";
        String nobody = "{\"name\":\"nobody-" + name + "\",\"password\":\"wrong password\"}";
        String known = json().body(wrong)
                .post("/api/v1/session")
                .then()
                .statusCode(401)
                .extract()
                .path("detail");
        json().body(nobody).post("/api/v1/session").then().statusCode(401).body("detail", equalTo(known));
        for (int i = 0; i < 4; i++) {
            json().body(wrong).post("/api/v1/session").then().statusCode(401);
        }
        // The first wait is one second, which a busy machine may let pass between two requests.
        assertThat(Stream.generate(() -> rightHasToWait(wrong)).limit(5)).anyMatch(waits -> waits);
    }

    /** Whether the right password, too, is refused when a wrong one just was. */
    private boolean rightHasToWait(String wrong) {
        Response refused = Stream.generate(() -> json().body(wrong).post("/api/v1/session"))
                .limit(10)
                .filter(response -> response.statusCode() == 429)
                .findFirst()
                .orElseThrow();
        Response right = login();
        if (right.statusCode() != 429) {
            return false;
        }
        refused.then().body("code", equalTo("throttled"));
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
        return true;
    }

    @Test
    void aTokenCannotMakeASessionLastAndHasNoCsrfToken() {
        AdminApi.admin().get("/api/v1/session").then().statusCode(200).body("csrfToken", nullValue());
    }
}
