package dev.berth.console;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.sql.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of consoles, on the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ConsoleTest {
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private static boolean made;

    @Inject
    Sql sql;

    private static String authority() {
        return "localhost:" + RestAssured.port;
    }

    private static void ensureInstance() {
        if (!made) {
            AdminApi.ensureTinyImage();
            AdminApi.admin()
                    .body("{\"name\":\"console1\",\"kind\":\"vm\",\"image\":\"tiny\",\"start\":true}")
                    .post(INSTANCES + "?wait=20s")
                    .then()
                    .statusCode(200);
            made = true;
        }
    }

    private static JsonPath ticket(String type) {
        ensureInstance();
        return AdminApi.admin()
                .body("{\"type\":\"" + type + "\"}")
                .post(INSTANCES + "/console1/consoles")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    private ConsoleClient open(JsonPath ticket, String token) {
        return open(ticket, token, "http://" + authority());
    }

    private ConsoleClient open(JsonPath ticket, String token, @Nullable String origin) {
        URI address = URI.create("ws://" + authority() + ticket.getString("url"));
        return ConsoleClient.open(address, ticket.getString("ticket"), token, origin);
    }

    private void refused(int status, JsonPath ticket, String token, @Nullable String origin) {
        assertThatThrownBy(() -> open(ticket, token, origin))
                .isInstanceOfSatisfying(
                        ConsoleClient.Refused.class, e -> assertThat(e.status).isEqualTo(status));
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(10);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("it should have happened by now").isBefore(end);
            Thread.sleep(20);
        }
    }

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    private static JsonPath token(String role) {
        return AdminApi.admin()
                .body("{\"name\":\"console test\",\"role\":\"" + role + "\"}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    @Test
    void showsWhatWasSaidBeforeAndThenTalks() throws InterruptedException {
        ConsoleClient console = open(ticket("serial"), AdminApi.token());
        eventually(() -> console.said().contains("GUEST-UP"));
        eventually(() -> console.control().contains("\"open\""));
        console.control("{\"type\":\"resize\",\"columns\":80,\"rows\":24}");
        console.type("echo hello from a test\r");
        eventually(() -> console.said().contains("\r\nhello from a test"));
        AdminApi.admin().get(INSTANCES + "/console1/consoles").then().body("items", hasSize(1));
        console.close();
        eventually(() -> AdminApi.admin()
                .get(INSTANCES + "/console1/consoles")
                .jsonPath()
                .getList("items")
                .isEmpty());
    }

    @Test
    void theDisplaySpeaksRfb() throws InterruptedException {
        ConsoleClient console = open(ticket("graphical"), AdminApi.token());
        eventually(() -> console.said().startsWith("RFB 003.008\n"));
        console.close();
    }

    @Test
    void aTicketWorksOnce() {
        JsonPath ticket = ticket("serial");
        open(ticket, AdminApi.token()).close();
        refused(403, ticket, AdminApi.token(), "http://" + authority());
    }

    @Test
    void aTicketExpires() {
        JsonPath ticket = ticket("serial");
        sql.update(
                "update console_session set expires_at = ? where id = ?",
                Instant.now().minusSeconds(1),
                UUID.fromString(ticket.getString("sessionId")));
        refused(403, ticket, AdminApi.token(), "http://" + authority());
    }

    @Test
    void aForeignTicketOpensNothingAndStaysGoodForItsOwner() {
        JsonPath ticket = ticket("serial");
        String foreign = token("operator").getString("secret");
        refused(403, ticket, foreign, "http://" + authority());
        open(ticket, AdminApi.token()).close();
    }

    @Test
    void aTicketAloneIsNoLogin() {
        refused(401, ticket("serial"), "berth_nonsense", "http://" + authority());
    }

    @Test
    void foreignPagesMayNotConnect() {
        JsonPath ticket = ticket("serial");
        refused(403, ticket, AdminApi.token(), "http://evil.example");
        refused(403, ticket, AdminApi.token(), null);
    }

    @Test
    void viewersGetNoTicketAndStoppedInstancesNoConsole() {
        ensureInstance();
        String viewer = token("viewer").getString("secret");
        as(viewer)
                .body("{\"type\":\"serial\"}")
                .post(INSTANCES + "/console1/consoles")
                .then()
                .statusCode(403);
        AdminApi.admin()
                .body("{\"name\":\"console-off\",\"kind\":\"vm\",\"image\":\"tiny\"}")
                .post(INSTANCES + "?wait=20s");
        AdminApi.admin()
                .body("{\"type\":\"serial\"}")
                .post(INSTANCES + "/console-off/consoles")
                .then()
                .statusCode(409)
                .body("code", equalTo("wrong-state"));
    }

    @Test
    void aRevokedTokenLosesItsConsoleWithinSeconds() {
        ensureInstance();
        JsonPath issued = token("operator");
        String secret = issued.getString("secret");
        JsonPath ticket = as(secret)
                .body("{\"type\":\"serial\"}")
                .post(INSTANCES + "/console1/consoles")
                .jsonPath();
        ConsoleClient console = open(ticket, secret);
        AdminApi.admin()
                .delete("/api/v1/tokens/" + issued.getString("token.id"))
                .then()
                .statusCode(204);
        assertThat(console.closed(Duration.ofSeconds(6))).isEqualTo(1008);
        assertThat(console.control()).contains("\"closed\"");
    }

    @Test
    void anOperatorClosesAConsole() {
        JsonPath ticket = ticket("serial");
        ConsoleClient console = open(ticket, AdminApi.token());
        AdminApi.admin()
                .delete(INSTANCES + "/console1/consoles/" + ticket.getString("sessionId"))
                .then()
                .statusCode(204);
        assertThat(console.closed(Duration.ofSeconds(6))).isEqualTo(1008);
        AdminApi.admin().get(INSTANCES + "/console1/consoles").then().body("items", empty());
    }

    @Test
    void badControlFramesEndTheConsole() throws InterruptedException {
        ConsoleClient console = open(ticket("serial"), AdminApi.token());
        eventually(() -> console.control().contains("\"open\""));
        console.control("nonsense");
        assertThat(console.closed(Duration.ofSeconds(6))).isEqualTo(1003);
    }

    @Test
    void withoutAnUpgradeThereIsAProblem() {
        AdminApi.admin()
                .get("/api/v1/consoles/" + UUID.randomUUID() + "/stream")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }
}
