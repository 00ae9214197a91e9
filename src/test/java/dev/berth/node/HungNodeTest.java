package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.ObservedState;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.Sample;
import dev.berth.driver.VmSpec;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.installation.Await;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Uuids;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.HttpClientConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A driver that hangs in everything: lists answer, other work goes on, other nodes are watched, and it recovers. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class HungNodeTest {
    private static final List<String> LOOKS =
            List.of("NodeProbe.facts", "NodeProbe.usage", "InstanceDriver.observeAll", "Statistics.sampleAll");
    private static final String INSTANCES = "/api/v1/projects/default/instances";

    @Inject
    Nodes nodes;

    @Inject
    NodeStore store;

    private FakeNode local() {
        return (FakeNode) nodes.drivers(nodes.choose().id());
    }

    /** Requests that fail when nobody answers for ten seconds. */
    private static RequestSpecification impatient() {
        return AdminApi.admin()
                .config(RestAssuredConfig.config()
                        .httpClient(HttpClientConfig.httpClientConfig()
                                .setParam("http.socket.timeout", 10_000)
                                .setParam("http.connection.timeout", 10_000)));
    }

    private static String create(String name) {
        return impatient()
                .body("{\"name\":\"" + name + "\",\"kind\":\"vm\",\"image\":\"tiny\"}")
                .post(INSTANCES + "?wait=8s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"))
                .extract()
                .path("subject.id");
    }

    private static void lists(String instance) {
        for (String path : List.of(
                "/api/v1/inventory",
                "/api/v1/nodes",
                "/api/v1/nodes/local",
                "/api/v1/images",
                "/api/v1/networks",
                "/api/v1/operations",
                "/api/v1/projects",
                INSTANCES,
                INSTANCES + "/" + instance,
                "/q/metrics",
                "/q/health/ready")) {
            assertThat(impatient().get(path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void whoeverHangsHangsAlone() {
        AdminApi.ensureTinyImage();
        create("stuck");
        create("lively");
        FakeBehaviour behaviour = local().behaviour();
        long before = behaviour.calls("InstanceDriver.start"); // other tests' starts on the same node
        LOOKS.forEach(behaviour::hang);
        behaviour.hang("InstanceDriver.start");
        try {
            String start = impatient()
                    .post(INSTANCES + "/stuck/actions/start")
                    .then()
                    .statusCode(202)
                    .extract()
                    .path("id");
            Await.until(
                    Duration.ofSeconds(20),
                    () -> "the start did not begin",
                    () -> behaviour.calls("InstanceDriver.start") > before);
            for (int i = 0; i < 20; i++) {
                lists("stuck");
            }
            create("newcomer");
            impatient()
                    .get("/api/v1/operations/" + start)
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("running"));
            behaviour.release("InstanceDriver.start");
            Await.until(Duration.ofSeconds(30), () -> "the start did not end", () -> "succeeded"
                    .equals(impatient().get("/api/v1/operations/" + start).path("state")));
        } finally {
            LOOKS.forEach(behaviour::release);
            behaviour.release("InstanceDriver.start");
        }
        Await.until(
                Duration.ofSeconds(30),
                () -> "the node was not looked at again",
                () -> impatient().get("/api/v1/nodes/local").jsonPath().get("usage") != null);
    }

    @Test
    void manyOperationsThatHangKeepNoOtherFromItsTurn() {
        AdminApi.ensureTinyImage();
        List<String> names =
                IntStream.range(0, 40).mapToObj(number -> "slow-" + number).toList();
        names.forEach(HungNodeTest::create);
        FakeBehaviour behaviour = local().behaviour();
        long before = behaviour.calls("InstanceDriver.start");
        behaviour.hang("InstanceDriver.start");
        try {
            for (String name : names) {
                impatient()
                        .post(INSTANCES + "/" + name + "/actions/start")
                        .then()
                        .statusCode(202);
            }
            Await.until(
                    Duration.ofSeconds(20),
                    () -> "not all began",
                    () -> behaviour.calls("InstanceDriver.start") >= before + names.size());
            create("beside-them");
            List<CompletableFuture<Integer>> waiting = waitForOperationsOf(names);
            lists(names.getFirst());
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            behaviour.release("InstanceDriver.start");
            assertThat(waiting.stream().map(CompletableFuture::join)).containsOnly(200);
        } finally {
            behaviour.release("InstanceDriver.start");
        }
        for (String name : names) {
            Await.until(Duration.ofSeconds(30), () -> name + " was not started", () -> "running"
                    .equals(impatient().get(INSTANCES + "/" + name).path("state")));
        }
    }

    /** More requests that wait than the server has threads. */
    private static List<CompletableFuture<Integer>> waitForOperationsOf(List<String> names) {
        List<String> operations = impatient()
                .get("/api/v1/operations?active=true&limit=100")
                .jsonPath()
                .getList("items.findAll { it.subject.name.startsWith('slow-') }.id");
        assertThat(operations).hasSize(names.size());
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return IntStream.range(0, 400)
                .mapToObj(number -> HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port
                                + "/api/v1/operations/" + operations.get(number % operations.size()) + "?wait=60s"))
                        .header("Authorization", "Bearer " + AdminApi.token())
                        .build())
                .map(request -> http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .thenApply(HttpResponse::statusCode))
                .toList();
    }

    @Test
    void aHungNodeDoesNotKeepOtherNodesFromBeingWatched() {
        AtomicInteger swept = new AtomicInteger();
        AtomicInteger sampled = new AtomicInteger();
        FakeNode other = new FakeNode(FakeBehaviour.instant(), Clock.systemUTC());
        UUID instance = Uuids.next();
        other.instances(InstanceKind.VM)
                .define(
                        new InstanceDefinition(
                                instance,
                                "there",
                                "default",
                                new CpuCount(1),
                                new CpuCount(1),
                                DataSize.ofMebibytes(64),
                                DataSize.ofMebibytes(64),
                                List.of(),
                                List.of(),
                                List.of(),
                                VmSpec.defaults()),
                        ProgressSink.NONE);
        other.instances(InstanceKind.VM).start(instance);
        NodeListener listener = new NodeListener() {
            @Override
            public void swept(UUID node, List<ObservedState> states) {
                swept.addAndGet(states.size());
            }

            @Override
            public void sampled(UUID node, List<Sample> samples) {
                sampled.addAndGet(samples.size());
            }
        };
        FakeBehaviour behaviour = local().behaviour();
        LOOKS.forEach(behaviour::hang);
        UUID id = store.ensure("other", "fake");
        try (NodeWatcher watcher = new NodeWatcher(id, "other", other, store, List.of(listener))) {
            watcher.start();
            Await.until(
                    Duration.ofSeconds(30),
                    () -> "the other node is not watched",
                    () -> swept.get() > 0 && sampled.get() > 0 && watcher.connected());
        } finally {
            LOOKS.forEach(behaviour::release);
            store.lost(id, "gone after the test");
        }
    }
}
