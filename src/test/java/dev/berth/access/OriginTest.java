package dev.berth.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets begin only from pages of this server: consoles, and the push connection of the UI. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OriginTest {
    private static final String CONSOLE = "/api/v1/consoles/01900000-0000-7000-8000-00000000dead/stream";
    private static final List<String> SOCKETS = List.of(CONSOLE, "/VAADIN/push?v-r=push", "/?v-r=push", "/anything");

    private static String upgrade(String target, String... more) {
        List<String> headers = new ArrayList<>(List.of(
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Authorization: Bearer " + AdminApi.token()));
        headers.addAll(List.of(more));
        return RawHttp.send("GET", target, headers);
    }

    private static void refused(String answer) {
        assertThat(RawHttp.status(answer)).as(answer).isEqualTo(403);
        assertThat(answer).contains("application/problem+json").contains("\"origin-refused\"");
    }

    @Test
    void withoutAnOriginNoneBegins() {
        for (String socket : SOCKETS) {
            refused(upgrade(socket));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "http://evil.example",
                "https://localhost",
                "http://localhost",
                "http://localhost:1",
                "http://localhost:PORT.evil.example",
                "http://evil.example/localhost:PORT",
                "localhost:PORT",
                "",
                "http://user@localhost:PORT",
                "http://evil.example#localhost:PORT",
                "http://localhost:PORT, http://x",
                "%zz"
            })
    void fromAForeignPageNoneBegins(String origin) {
        for (String socket : SOCKETS) {
            refused(upgrade(socket, "Origin: " + origin.replace("PORT", Integer.toString(RestAssured.port))));
        }
    }

    @Test
    void fromAPageOfThisServerTheTicketIsLookedAt() {
        String answer = upgrade(CONSOLE, "Origin: http://localhost:" + RestAssured.port);
        assertThat(RawHttp.status(answer)).as(answer).isEqualTo(403);
        assertThat(answer).contains("\"forbidden\"").contains("ticket");
    }

    @Test
    void otherMethodsAndSpellingsOfTheUpgradeAreNoWayAround() {
        String evil = "Origin: http://evil.example";
        for (String upgrade : List.of("WebSocket", "WEBSOCKET", "h2c, websocket", "websocket/13")) {
            String answer = RawHttp.send("GET", CONSOLE, List.of("Connection: Upgrade", "Upgrade: " + upgrade, evil));
            refused(answer);
        }
    }
}
