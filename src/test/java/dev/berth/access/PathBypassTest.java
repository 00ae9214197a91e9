package dev.berth.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No spelling of an address gets around authentication, or makes the server fail. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PathBypassTest {
    /** What Vaadin says in a tree that was never packaged, and in one that was. */
    private static final List<String> NO_PAGES =
            List.of("Unable to find index.html", "Frontend development bundle is expected");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/users",
                "/api/v1/users/",
                "//api/v1/users",
                "/api//v1/users",
                "/api/v1//users",
                "/api/v1/users;",
                "/api/v1/users;x=y",
                "/api;x/v1/users",
                "/api/v1;jsessionid=1/users",
                "/api/v1/users%3B",
                "/api/v1/users%3Bx=y",
                "/api/v1/%75sers",
                "/%61pi/v1/users",
                "/api%2fv1%2fusers",
                "/api%2Fv1/users",
                "/api/v1/setup/../users",
                "/api/v1/setup/%2e%2e/users",
                "/api/v1/setup/%2E%2E/users",
                "/api/v1/setup/..%2fusers",
                "/api/v1/setup;/../users",
                "/api/v1/setup/..;/users",
                "/api/v1/setup/.%2e/users",
                "/api/v1/%2e/users",
                "/API/v1/users",
                "/api/V1/users",
                "/api/v1/Users",
                "/api/v1/users%00",
                "/api/v1/users%20",
                "/api/v1/users.json",
                "/api/v1/users%3F",
                "/api/v1/users%252f",
                "/api/v1/users\\",
                "/api/v1\\users",
                "/api/v1/%c0%afusers",
                "/api/v1/users%",
                "/api/v1/users%zz",
                "/api/v1/instances?filter=%zz",
                "/q/../api/v1/users",
                "/q/health/../../api/v1/users",
                "/VAADIN/../api/v1/users",
                "/login/..;/api/v1/users",
                "http://localhost/api/v1/users",
                "*"
            })
    void doesNotGetAround(String target) {
        String answer = RawHttp.send("GET", target, List.of());
        // Whatever is no address of the API is a page of the UI, and the pages are not built in this test.
        boolean page = NO_PAGES.stream().anyMatch(answer::contains);
        assertThat(RawHttp.status(answer)).as(answer).isGreaterThan(0).matches(status -> page || status < 500);
        assertThat(answer).doesNotContain("\"items\"").doesNotContain("password");
        if (RawHttp.status(answer) == 200) {
            // A page of the UI, which asks for a login itself.
            assertThat(answer).doesNotContain("application/json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Original-URL: /api/v1/setup",
                "X-Rewrite-URL: /api/v1/setup",
                "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-Prefix: /x",
                "X-HTTP-Method-Override: GET",
                "Authorization: Basic YWRtaW46YWRtaW4=",
                "Authorization: Bearer",
                "Authorization: Bearer  ",
                "Authorization: bearer berth_",
                "Cookie: berth-session=",
                "Cookie: berth-session=x",
                "Cookie: berth-session=' or 1=1--",
                "Cookie: berth-session=\u0001"
            })
    void noHeaderGetsAround(String header) {
        String answer = RawHttp.send("GET", "/api/v1/users", List.of(header));
        assertThat(RawHttp.status(answer)).as(answer).isIn(400, 401);
    }
}
