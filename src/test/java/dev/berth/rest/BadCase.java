package dev.berth.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.AdminApi;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that has to be refused, sent as it stands: no library mends its path, headers or body.
 *
 * @param pointer the place that the problem names; null where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BadCase(
        String what,
        String method,
        String path,
        Map<String, String> headers,
        byte[] body,
        int status,
        String code,
        @Nullable String pointer) {
    /** After a pointer: it, or what is below it. */
    private static final String BELOW = "*";

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    static BadCase of(String what, String method, String path, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (body.length > 0) {
            headers.put("Content-Type", "application/json");
        }
        return new BadCase(what, method, path, headers, body, 0, "", null);
    }

    static BadCase post(String what, String path, String body) {
        return of(what, "POST", path, body.getBytes(StandardCharsets.UTF_8));
    }

    static BadCase patch(String what, String path, String body) {
        return of(what, "PATCH", path, body.getBytes(StandardCharsets.UTF_8)).header("If-Match", "*");
    }

    static BadCase get(String what, String path) {
        return of(what, "GET", path, new byte[0]);
    }

    static BadCase delete(String what, String path) {
        return of(what, "DELETE", path, new byte[0]);
    }

    BadCase header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new BadCase(what, method, path, more, body, status, code, pointer);
    }

    BadCase without(String header) {
        Map<String, String> less = new LinkedHashMap<>(headers);
        less.remove(header);
        return new BadCase(what, method, path, less, body, status, code, pointer);
    }

    BadCase gives(int status, String code, @Nullable String pointer) {
        return new BadCase(what, method, path, headers, body, status, code, pointer);
    }

    /** Refused as a bad value of this field. */
    BadCase invalid(String pointer) {
        return gives(400, "invalid-argument", pointer);
    }

    /** Refused as a bad value of this field, or of something in it. */
    BadCase under(String pointer) {
        return gives(400, "invalid-argument", pointer + BELOW);
    }

    BadCase notFound() {
        return gives(404, "not-found", null);
    }

    HttpResponse<String> send(String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        headers.forEach(request::header);
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends it as the admin and compares the answer with what is documented. */
    void check() {
        HttpResponse<String> response = send(AdminApi.token());
        String answer = what + ": " + response.statusCode() + " " + response.body();
        assertThat(response.statusCode()).as(answer).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .as(answer)
                .startsWith("application/problem+json");
        JsonPath problem = JsonPath.from(response.body());
        assertThat(problem.getString("code")).as(answer).isEqualTo(code);
        assertThat(problem.getString("type")).isEqualTo("/api/v1/problems/" + code);
        assertThat(problem.getInt("status")).isEqualTo(status);
        assertThat(problem.getString("title")).isNotBlank();
        assertThat(problem.getString("detail")).as(answer).isNotBlank();
        assertThat(problem.getString("requestId"))
                .isNotBlank()
                .isEqualTo(response.headers().firstValue("X-Request-Id").orElse("none"));
        String place = problem.getString("errors[0].pointer");
        if (pointer != null && pointer.endsWith(BELOW)) {
            assertThat(place).as(answer).startsWith(pointer.substring(0, pointer.length() - BELOW.length()));
        } else {
            assertThat(place).as(answer).isEqualTo(pointer);
        }
    }

    @Override
    public String toString() {
        return what;
    }
}
