package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.Lease;
import dev.berth.driver.ObservedState;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import dev.berth.node.Nodes;
import dev.berth.quota.QuotaLedger;
import dev.berth.quota.Resource;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Many requests at once, limits, and a node that goes away; on the fake node. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FleetTest {
    @Inject
    Nodes nodes;

    @Inject
    QuotaLedger quota;

    @Inject
    Sql sql;

    private FakeNode node() {
        return (FakeNode) nodes.drivers(nodes.choose().id());
    }

    private static String project() {
        String name = "p-" + UUID.randomUUID().toString().substring(0, 8);
        AdminApi.admin()
                .body("{\"name\":\"" + name + "\"}")
                .post("/api/v1/projects")
                .then()
                .statusCode(201);
        return name;
    }

    private static String instances(String project) {
        return "/api/v1/projects/" + project + "/instances";
    }

    private static String body(String name, boolean start) {
        return "{\"name\":\"" + name + "\",\"kind\":\"vm\",\"image\":\"tiny\",\"start\":" + start + "}";
    }

    private static <T> List<T> atOnce(int threads, List<Callable<T>> work) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(work)) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        }
    }

    private static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(30);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            Thread.sleep(50);
        }
    }

    private static String state(JsonPath operation) {
        return AdminApi.admin()
                .get("/api/v1/operations/" + operation.getString("id"))
                .jsonPath()
                .getString("state");
    }

    @Test
    void ofTwoHundredCreatesAtOnceNoneIsLostOrDoubled() throws Exception {
        AdminApi.ensureTinyImage();
        String project = project();
        List<Callable<String>> work = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String name = "many-" + i / 2;
            work.add(() -> AdminApi.admin()
                    .header("Idempotency-Key", project + name)
                    .body(body(name, true))
                    .post(instances(project))
                    .then()
                    .statusCode(anyOf(is(202), is(200))) // 200 when the first request's operation has ended already
                    .extract()
                    .path("id"));
        }
        Set<String> operations = new HashSet<>(atOnce(40, work));
        assertThat(operations).hasSize(200);
        for (String operation : operations) {
            AdminApi.admin().get("/api/v1/operations/" + operation).then().statusCode(200);
        }
        eventually(
                "all operations end",
                () -> AdminApi.admin()
                                .queryParam("filter", "state=running")
                                .queryParam("limit", 1000)
                                .get(instances(project))
                                .jsonPath()
                                .getList("items")
                                .size()
                        == 200);
        List<List<String>> addresses = AdminApi.admin()
                .queryParam("limit", 1000)
                .get(instances(project))
                .jsonPath()
                .getList("items.addresses");
        assertThat(addresses.stream().map(List::getFirst).distinct()).hasSize(200);
        Set<UUID> known = node().instances(InstanceKind.VM).observeAll().stream()
                .map(ObservedState::id)
                .collect(Collectors.toSet());
        List<String> ids = AdminApi.admin()
                .queryParam("limit", 1000)
                .get(instances(project))
                .jsonPath()
                .getList("items.id");
        assertThat(ids.stream().map(UUID::fromString)).allMatch(known::contains);
        assertLedgerIsExact(project);
    }

    /** What the ledger says is what a recount gives, and nothing is reserved any longer. */
    private void assertLedgerIsExact(String project) throws InterruptedException {
        UUID id = UUID.fromString(
                AdminApi.admin().get("/api/v1/projects/" + project).jsonPath().getString("id"));
        eventually("reservations are settled", () -> quota.usage(id).stream().allMatch(usage -> usage.reserved() == 0));
        List<QuotaLedger.Usage> usage = quota.usage(id);
        long cpus = sql.one(row -> row.getLong(1), "select coalesce(sum(cpus), 0) from instance where project = ?", id)
                .orElse(-1L);
        long count = sql.one(row -> row.getLong(1), "select count(*) from instance where project = ?", id)
                .orElse(-1L);
        assertThat(used(usage, Resource.INSTANCES)).isEqualTo(count);
        assertThat(used(usage, Resource.CPUS)).isEqualTo(cpus);
    }

    private static long used(List<QuotaLedger.Usage> usage, Resource resource) {
        return usage.stream()
                .filter(u -> u.resource() == resource)
                .mapToLong(QuotaLedger.Usage::used)
                .sum();
    }

    @Test
    void ofManyCreatesAtTheLimitOnlyTheLastFreePlaceIsGiven() throws Exception {
        AdminApi.ensureTinyImage();
        String project = project();
        UUID id = UUID.fromString(
                AdminApi.admin().get("/api/v1/projects/" + project).jsonPath().getString("id"));
        QuarkusTransaction.requiringNew().run(() -> quota.limit(id, Resource.CPUS, 1L));
        List<Callable<Integer>> work = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            String name = "limit-" + i;
            work.add(() -> AdminApi.admin()
                    .body(body(name, false))
                    .post(instances(project))
                    .statusCode());
        }
        List<Integer> answers = atOnce(32, work);
        assertThat(answers).containsOnly(202, 403);
        assertThat(answers.stream().filter(status -> status == 202)).hasSize(1);
        AdminApi.admin()
                .body(body("one-more", false))
                .post(instances(project))
                .then()
                .statusCode(403)
                .body("code", equalTo("quota-exceeded"))
                .body("resource", equalTo("cpus"))
                .body("limit", equalTo(1));
        assertLedgerIsExact(project);
    }

    @Test
    void aNodeThatIsAwayIsSaidToBeAndOperationsWaitForIt() throws Exception {
        AdminApi.ensureTinyImage();
        String project = project();
        AdminApi.admin()
                .body(body("patient", false))
                .post(instances(project) + "?wait=20s")
                .then()
                .statusCode(200);
        FakeBehaviour behaviour = node().behaviour();
        behaviour.disconnect(true);
        try {
            eventually("the node is shown as away", () -> !AdminApi.admin()
                    .get("/api/v1/nodes/local")
                    .jsonPath()
                    .getBoolean("connected"));
            AdminApi.admin().get("/api/v1/nodes/local").then().body("problem", notNullValue());
            AdminApi.admin().get(instances(project) + "/patient").then().statusCode(200);
            AdminApi.admin().get("/api/v1/inventory").then().statusCode(200);
            AdminApi.admin().get(instances(project) + "/patient/log").then().statusCode(503);
            JsonPath start = AdminApi.admin()
                    .post(instances(project) + "/patient/actions/start")
                    .then()
                    .statusCode(202)
                    .extract()
                    .jsonPath();
            eventually(
                    "the operation says what it waits for",
                    () -> AdminApi.admin()
                                    .get("/api/v1/operations/" + start.getString("id"))
                                    .jsonPath()
                                    .get("waitingFor")
                            != null);
            behaviour.disconnect(false);
            eventually("the operation ends by itself", () -> state(start).equals("succeeded"));
        } finally {
            behaviour.disconnect(false);
        }
        eventually(
                "the node is back",
                () -> AdminApi.admin().get("/api/v1/nodes/local").jsonPath().getBoolean("connected"));
        AdminApi.admin().get(instances(project) + "/patient").then().body("state", equalTo("running"));
    }

    @Test
    void aFailedCreateLeavesNothing() throws Exception {
        AdminApi.ensureTinyImage();
        String project = project();
        node().behaviour().fail("InstanceDriver.start", ErrorCode.DRIVER_FAILED, 1);
        AdminApi.admin()
                .body(body("unlucky", true))
                .post(instances(project) + "?wait=20s")
                .then()
                .statusCode(500)
                .body("code", equalTo("driver-failed"))
                .body("operation", notNullValue());
        AdminApi.admin().get(instances(project) + "/unlucky").then().statusCode(404);
        AdminApi.admin().delete("/api/v1/projects/" + project).then().statusCode(428);
        AdminApi.admin()
                .header("If-Match", "*")
                .delete("/api/v1/projects/" + project)
                .then()
                .statusCode(204);
    }

    @Test
    void anAddressThatSomebodyElseReservedIsPassedOver() {
        AdminApi.ensureTinyImage();
        String project = project();
        String path = instances(project);
        String last = address(AdminApi.admin().body(body("first", false)).post(path + "?wait=20s"), path + "/first");
        Ipv4 next = Ipv4.ofBits(new Ipv4(last).bits() + 1); // addresses are given out in turn
        Lease foreign = new Lease(MacAddress.random(), next, "foreign");
        node().networks().reserve("berth0", foreign);
        try {
            AdminApi.admin()
                    .body(body("second", false))
                    .post(path + "?wait=20s")
                    .then()
                    .body("code", equalTo("in-use"));
            String other =
                    address(AdminApi.admin().body(body("third", false)).post(path + "?wait=20s"), path + "/third");
            assertThat(other).isNotEqualTo(next.value());
        } finally {
            node().networks().release("berth0", foreign);
        }
    }

    private static String address(Response created, String instance) {
        created.then().body("state", equalTo("succeeded"));
        return AdminApi.admin().get(instance).jsonPath().getString("nics[0].address");
    }

    @Test
    void pagesGoThroughAllInstancesOnce() {
        AdminApi.ensureTinyImage();
        String project = project();
        for (int i = 0; i < 7; i++) {
            AdminApi.admin()
                    .body(body("page-" + i, false))
                    .post(instances(project) + "?wait=20s")
                    .then()
                    .statusCode(200);
        }
        List<String> seen = new ArrayList<>();
        String after = null;
        do {
            var request = AdminApi.admin().queryParam("limit", 3).queryParam("sort", "-name");
            JsonPath page = (after == null ? request : request.queryParam("after", after))
                    .get(instances(project))
                    .jsonPath();
            seen.addAll(page.getList("items.name"));
            after = page.getString("next");
        } while (after != null);
        assertThat(seen).containsExactly("page-6", "page-5", "page-4", "page-3", "page-2", "page-1", "page-0");
    }
}
