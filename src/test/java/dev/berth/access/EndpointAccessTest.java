package dev.berth.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every endpoint says who may use it, and means it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class EndpointAccessTest {
    private static final Set<String> OPEN = Set.of("GET /api/v1/setup", "POST /api/v1/setup", "POST /api/v1/session");

    @Inject
    BeanManager beans;

    private List<Endpoints.Endpoint> endpoints() {
        List<Endpoints.Endpoint> all = Endpoints.all(beans);
        assertThat(all).hasSizeGreaterThan(40);
        return all;
    }

    private static Response call(Endpoints.Endpoint endpoint, String token) {
        var request = given().header("Accept", "*/*");
        if (!endpoint.method().equals("GET")) {
            request.contentType("application/json").body("{}");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.request(endpoint.method(), endpoint.somePath());
    }

    private static void refused(Endpoints.Endpoint endpoint, String token, int status, String code) {
        Response response = call(endpoint, token);
        assertThat(response.statusCode())
                .as(endpoint + ": " + response.asString())
                .isEqualTo(status);
        assertThat(response.contentType()).as(endpoint.toString()).startsWith("application/problem+json");
        assertThat(response.<String>path("code")).isEqualTo(code);
    }

    private static String token(String role) {
        return AdminApi.admin()
                .body("{\"name\":\"matrix\",\"role\":\"" + role + "\"}")
                .post("/api/v1/tokens")
                .path("secret");
    }

    @Test
    void everyEndpointNamesARoleOrIsListedHereAsOpen() {
        Set<String> open = new TreeSet<>();
        for (Endpoints.Endpoint endpoint : endpoints()) {
            assertThat(endpoint.role())
                    .as("%s needs @RolesAllowed, or @PermitAll and a place in this test's list", endpoint)
                    .isIn(Roles.VIEWER, Roles.OPERATOR, Roles.ADMIN, Endpoints.Endpoint.EVERYBODY);
            if (Endpoints.Endpoint.EVERYBODY.equals(endpoint.role())) {
                open.add(endpoint.toString());
            }
        }
        assertThat(open).isEqualTo(new TreeSet<>(OPEN));
    }

    @Test
    void withoutCredentialsEveryEndpointAnswers401() {
        for (Endpoints.Endpoint endpoint : endpoints()) {
            if (!OPEN.contains(endpoint.toString())) {
                refused(endpoint, "", 401, "unauthenticated");
                refused(endpoint, "berth_wrong", 401, "unauthenticated");
            }
        }
    }

    @Test
    void withALesserRoleItAnswers403() {
        String viewer = token(Roles.VIEWER);
        String operator = token(Roles.OPERATOR);
        int compared = 0;
        for (Endpoints.Endpoint endpoint : endpoints()) {
            if (Roles.OPERATOR.equals(endpoint.role()) || Roles.ADMIN.equals(endpoint.role())) {
                refused(endpoint, viewer, 403, "forbidden");
                compared++;
            }
            if (Roles.ADMIN.equals(endpoint.role())) {
                refused(endpoint, operator, 403, "forbidden");
            }
        }
        assertThat(compared).isGreaterThan(15);
    }

    @Test
    void whatChangesStateNeedsMoreThanTheWeakestRole() {
        // Everybody looks after the own session and the own tokens.
        Set<String> own = Set.of("DELETE /api/v1/session", "POST /api/v1/tokens", "DELETE /api/v1/tokens/{id}");
        for (Endpoints.Endpoint endpoint : endpoints()) {
            if (!endpoint.method().equals("GET") && !OPEN.contains(endpoint.toString())) {
                assertThat(Roles.VIEWER.equals(endpoint.role()) && !own.contains(endpoint.toString()))
                        .as("%s changes something and is open to viewers", endpoint)
                        .isFalse();
            }
        }
    }

    @Test
    void nothingChangesByGet() {
        for (Endpoints.Endpoint endpoint : endpoints()) {
            boolean hasGet = endpoints().stream()
                    .anyMatch(other -> other.method().equals("GET")
                            && endpoint.path().matches(other.path().replaceAll("\\{[^}]*}", "[^/]+")));
            if (!endpoint.method().equals("GET") && !hasGet) {
                for (String way : List.of("GET", "HEAD", "OPTIONS")) {
                    int status = AdminApi.admin()
                            .header("X-HTTP-Method-Override", endpoint.method())
                            .request(way, endpoint.somePath())
                            .statusCode();
                    assertThat(status).as("%s of %s", way, endpoint).isIn(200, 404, 405);
                    assertThat(way.equals("GET") && status == 200)
                            .as("GET of %s", endpoint)
                            .isFalse();
                }
            }
        }
    }
}
