package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.json.BerthJson;
import dev.berth.node.Nodes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A container's log as server-sent events, as a browser's EventSource reads it; on the fake node, whose lines have one time. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LogEventsTest {
    @Inject
    Nodes nodes;

    private String box = "";

    @BeforeEach
    void prepare() {
        Containers.ensureBusybox();
        String instances = Containers.newProject() + "/instances";
        AdminApi.admin()
                .body("{\"name\":\"box\",\"image\":\"busybox\",\"start\":true,\"entrypoint\":[\"sh\",\"-c\","
                        + "\"echo one; echo two; echo three; echo oops >&2; sleep infinity\"]}")
                .post(instances + "?wait=30s")
                .then()
                .statusCode(200);
        box = instances + "/box";
    }

    private record Said(String id, JsonNode record) {
        String text() {
            return record.path("text").asText();
        }
    }

    /** An open connection. */
    private record Source(BufferedReader lines) implements AutoCloseable {
        static Source open(String path, @Nullable String last) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("http://localhost:" + RestAssured.port + path))
                    .header("Authorization", "Bearer " + AdminApi.token())
                    .header("Accept", "text/event-stream");
            if (last != null) {
                request.header("Last-Event-ID", last);
            }
            HttpResponse<InputStream> response =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
            return new Source(new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
        }

        /** The next event; fails at the end. */
        Said next() throws IOException {
            String id = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring("id: ".length());
                } else if (line.startsWith("data: ")) {
                    return new Said(id, BerthJson.mapper().readTree(line.substring("data: ".length())));
                }
            }
            throw new AssertionError("the stream has ended");
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    @Test
    void goesOnWhereItBrokeOff() throws Exception {
        Said two;
        try (Source source = Source.open(box + "/log?follow=true", null)) {
            Said one = source.next();
            two = source.next();
            assertThat(one.text()).isEqualTo("one");
            assertThat(one.record().path("stream").asText()).isEqualTo("stdout");
            assertThat(two.text()).isEqualTo("two");
            assertThat(two.id()).isNotEqualTo(one.id());
        }
        try (Source source = Source.open(box + "/log?follow=true", two.id())) {
            assertThat(source.next().text()).isEqualTo("three");
            Said oops = source.next();
            assertThat(oops.record().path("stream").asText()).isEqualTo("stderr");
            AdminApi.admin().post(box + "/actions/restart?wait=30s").then().statusCode(200);
            assertThat(source.next().text()).isEqualTo("one");
        }
    }

    @Test
    void goesOnAfterALineThatTheTailBeganWith() throws Exception {
        Said oops;
        try (Source source = Source.open(box + "/log?follow=true&tail=1", null)) {
            oops = source.next();
        }
        try (Source source = Source.open(box + "/log?follow=true&tail=1", oops.id())) {
            AdminApi.admin().post(box + "/actions/restart?wait=30s").then().statusCode(200);
            assertThat(source.next().text()).isEqualTo("one");
        }
    }

    @Test
    void takesTheSameWishesAsOtherForms() throws Exception {
        try (Source source = Source.open(box + "/log?follow=true&stream=stdout&tail=1", null)) {
            Said three = source.next();
            assertThat(three.text()).isEqualTo("three");
            AdminApi.admin().post(box + "/actions/restart?wait=30s").then().statusCode(200);
            assertThat(source.next().text()).isEqualTo("one");
        }
    }

    @Test
    void endsWithTheInstance() throws Exception {
        try (Source source = Source.open(box + "/log?follow=true&stream=stderr", null)) {
            assertThat(source.next().text()).isEqualTo("oops");
            AdminApi.admin().delete(box + "?force=true&wait=30s").then().statusCode(200);
            assertThat(source.lines().lines().filter(line -> line.startsWith("data")))
                    .isEmpty();
        }
    }

    /** An EventSource takes any status but 200 as final. */
    @Test
    void aNodeThatIsAwayIsNoEndToTheSource() {
        FakeBehaviour node = ((FakeNode) nodes.drivers(nodes.choose().id())).behaviour();
        node.disconnect(true);
        try {
            AdminApi.admin()
                    .accept("text/event-stream")
                    .get(box + "/log")
                    .then()
                    .statusCode(200)
                    .body(startsWith("retry: "))
                    .body(containsString("event: unavailable\ndata: {"))
                    .body(containsString("\"code\":\"node-unavailable\""));
            AdminApi.admin().accept("text/plain").get(box + "/log").then().statusCode(503);
        } finally {
            node.disconnect(false);
        }
    }

    @Test
    void refusesAnIdThatIsNone() {
        for (String id : new String[] {"7", "yesterday/a/1", "2026-01-01T00:00:00Z/a/x", "/"}) {
            AdminApi.admin()
                    .accept("text/event-stream")
                    .header("Last-Event-ID", id)
                    .get(box + "/log?follow=true")
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("invalid-argument"));
        }
    }
}
