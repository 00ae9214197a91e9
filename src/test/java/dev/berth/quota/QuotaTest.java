package dev.berth.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Quotas through REST on the fake node, each test in a project of its own; the ledger has to equal a recount after each. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class QuotaTest {
    private static final long MEBIBYTE = 1 << 20;

    @Inject
    QuotaLedger ledger;

    @Inject
    QuotaReconciler reconciler;

    @Inject
    Sql sql;

    private String project = "";
    private UUID projectId = new UUID(0, 0);

    @BeforeEach
    void makeProject() {
        AdminApi.ensureTinyImage();
        project = "q-" + UUID.randomUUID().toString().substring(0, 8);
        projectId = UUID.fromString(AdminApi.admin()
                .body("{\"name\":\"" + project + "\"}")
                .post("/api/v1/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    @AfterEach
    void ledgerEqualsRecount() {
        assertThat(reconciler.reconcile()).isEmpty();
        assertThat(ledger.usage(projectId))
                .allSatisfy(usage -> assertThat(usage.reserved()).isZero());
    }

    private static RequestSpecification admin() {
        return AdminApi.admin();
    }

    private String instances() {
        return "/api/v1/projects/" + project + "/instances";
    }

    private static String body(String name) {
        return "{\"name\":\"" + name + "\",\"image\":\"tiny\",\"cpus\":1,\"memory\":" + 64 * MEBIBYTE + "}";
    }

    private void limit(Resource resource, long limit) {
        QuarkusTransaction.requiringNew().run(() -> ledger.limit(projectId, resource, limit));
    }

    private long used(Resource resource) {
        return ledger.usage(projectId).stream()
                .filter(usage -> usage.resource() == resource)
                .mapToLong(QuotaLedger.Usage::used)
                .sum();
    }

    private void make(String name) {
        admin().body(body(name))
                .post(instances() + "?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
    }

    /** A limit makes one counter; the others are made by those who need them first, who must not wait for each other. */
    @Test
    void manyCreatesAtOnceInAProjectThatHasALimitAndNothingElse() throws Exception {
        limit(Resource.INSTANCES, 1000);
        try (ExecutorService threads = Executors.newFixedThreadPool(32)) {
            List<Future<Response>> futures = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String name = "one-of-many-" + i;
                futures.add(threads.submit(() -> admin().body(body(name)).post(instances() + "?wait=60s")));
            }
            for (Future<Response> future : futures) {
                future.get(120, TimeUnit.SECONDS).then().statusCode(200).body("state", equalTo("succeeded"));
            }
        }
        assertThat(used(Resource.INSTANCES)).isEqualTo(64);
    }

    @Test
    void ofSixtyFourCreatesAtOnceOneGetsTheLastPlace() throws Exception {
        make("first");
        limit(Resource.INSTANCES, 2);
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(64)) {
            List<Future<Response>> futures = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String name = "one-of-many-" + i;
                futures.add(threads.submit(() -> admin().body(body(name)).post(instances() + "?wait=20s")));
            }
            for (Future<Response> future : futures) {
                Response response = future.get(60, TimeUnit.SECONDS);
                statuses.add(response.statusCode());
                if (response.statusCode() == 403) {
                    response.then().body("code", equalTo("quota-exceeded")).body("resource", equalTo("instances"));
                }
            }
        }
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
        assertThat(statuses).filteredOn(status -> status == 403).hasSize(63);
        assertThat(used(Resource.INSTANCES)).isEqualTo(2);
    }

    @Test
    @Timeout(20)
    void whoCountsWithoutALimitHoldsNobodyUp() {
        UUID first = Uuids.next();
        Amounts one = new Amounts(Map.of(Resource.CPUS, 1L));
        limit(Resource.INSTANCES, 5);
        QuarkusTransaction.requiringNew().run(() -> {
            ledger.reserve(first, projectId, one);
            // Another one begins and ends while the first has not committed.
            UUID second = Uuids.next();
            QuarkusTransaction.requiringNew().run(() -> ledger.reserve(second, projectId, one));
            QuarkusTransaction.requiringNew().run(() -> ledger.commit(second));
            QuarkusTransaction.requiringNew().run(() -> ledger.free(projectId, one));
        });
        QuarkusTransaction.requiringNew().run(() -> ledger.release(first));
        assertThat(used(Resource.CPUS)).isZero();
    }

    @Test
    void aLimitKnowsWhatWasCountedBeforeIt() {
        make("one");
        make("two");
        limit(Resource.MEMORY, 191 * MEBIBYTE);
        admin().body(body("three"))
                .post(instances())
                .then()
                .statusCode(403)
                .body("used", equalTo((int) (128 * MEBIBYTE)))
                .body("reserved", equalTo(0));
        limit(Resource.MEMORY, 192 * MEBIBYTE);
        make("three");
        assertThat(used(Resource.MEMORY)).isEqualTo(192 * MEBIBYTE);
    }

    @Test
    void aRepeatedRequestIsChargedOnce() {
        String key = UUID.randomUUID().toString();
        for (int i = 0; i < 3; i++) {
            admin().header("Idempotency-Key", key)
                    .body(body("once"))
                    .post(instances() + "?wait=20s")
                    .then()
                    .statusCode(200);
        }
        assertThat(used(Resource.INSTANCES)).isEqualTo(1);
        assertThat(used(Resource.MEMORY)).isEqualTo(64 * MEBIBYTE);
    }

    private Response resize(String name, long memory) {
        return admin().header("If-Match", "*")
                .body("{\"memory\":" + memory + "}")
                .patch(instances() + "/" + name + "?wait=20s");
    }

    @Test
    void aChangeOfSizeIsChargedByTheDifference() {
        make("growing");
        limit(Resource.MEMORY, 100 * MEBIBYTE);
        resize("growing", 100 * MEBIBYTE).then().statusCode(200).body("state", equalTo("succeeded"));
        assertThat(used(Resource.MEMORY)).isEqualTo(100 * MEBIBYTE);
        resize("growing", 101 * MEBIBYTE)
                .then()
                .statusCode(403)
                .body("limit", equalTo((int) (100 * MEBIBYTE)))
                .body("used", equalTo((int) (100 * MEBIBYTE)))
                .body("requested", equalTo((int) MEBIBYTE));
        resize("growing", 32 * MEBIBYTE).then().statusCode(200).body("state", equalTo("succeeded"));
        assertThat(used(Resource.MEMORY)).isEqualTo(32 * MEBIBYTE);
    }

    @Test
    void deletingGivesEverythingBack() {
        make("short-lived");
        admin().body("{\"name\":\"s\"}")
                .post(instances() + "/short-lived/snapshots?wait=20s")
                .then()
                .statusCode(200);
        assertThat(used(Resource.SNAPSHOTS)).isEqualTo(1);
        admin().header("If-Match", "*")
                .delete(instances() + "/short-lived?wait=20s")
                .then()
                .statusCode(200)
                .body("state", equalTo("succeeded"));
        for (Resource resource : Resource.values()) {
            assertThat(used(resource)).as("%s", resource).isZero();
        }
    }

    @Test
    void aFailureGivesBackWhatWasReserved() {
        UUID operation = Uuids.next();
        limit(Resource.CPUS, 4);
        QuarkusTransaction.requiringNew()
                .run(() -> ledger.reserve(operation, projectId, new Amounts(Map.of(Resource.CPUS, 4L))));
        assertThat(ledger.usage(projectId))
                .anySatisfy(usage -> assertThat(usage.reserved()).isEqualTo(4));
        QuarkusTransaction.requiringNew().run(() -> ledger.release(operation));
        QuarkusTransaction.requiringNew().run(() -> ledger.release(operation));
        QuarkusTransaction.requiringNew().run(() -> ledger.commit(operation));
        assertThat(used(Resource.CPUS)).isZero();
    }

    @Test
    void recountFindsAndRepairsCountersThatAreWrong() {
        make("counted");
        QuarkusTransaction.requiringNew()
                .run(() -> sql.update(
                        "insert into quota_change (project, resource, used, reserved)"
                                + " values (?, 'CPUS', 7, 3), (?, 'INSTANCES', -1, 0)",
                        projectId,
                        projectId));
        assertThat(reconciler.reconcile())
                .containsExactlyInAnyOrder(
                        new QuotaDrift(projectId, Resource.CPUS, 8, 3, 1, 0),
                        new QuotaDrift(projectId, Resource.INSTANCES, 0, 0, 1, 0));
        assertThat(used(Resource.CPUS)).isEqualTo(1);
        assertThat(used(Resource.INSTANCES)).isEqualTo(1);
    }

    @Test
    void recountRemovesReservationsThatNobodyHolds() {
        QuarkusTransaction.requiringNew()
                .run(() -> ledger.reserve(Uuids.next(), projectId, new Amounts(Map.of(Resource.CPUS, 2L))));
        assertThat(reconciler.reconcile()).containsExactly(new QuotaDrift(projectId, Resource.CPUS, 0, 2, 0, 0));
    }

    @Test
    void recountKnowsWhatIsUnderWay() {
        make("busy");
        List<@Nullable QuotaDrift> drifts = new ArrayList<>();
        // Begun, and not waited for: rows and reservations are there, the ledger has them reserved.
        for (int i = 0; i < 5; i++) {
            admin().body(body("under-way-" + i)).post(instances()).then().statusCode(202);
            drifts.addAll(reconcileNow());
        }
        resize("busy", 128 * MEBIBYTE);
        assertThat(drifts).isEmpty();
        for (int i = 0; i < 5; i++) {
            String name = "under-way-" + i;
            dev.berth.installation.Await.until(
                    java.time.Duration.ofSeconds(20),
                    () -> name,
                    () -> admin().get(instances() + "/" + name).path("state").equals("stopped"));
        }
    }

    /** A recount that runs into a change of the same moment fails and is repeated, as the product does. */
    private List<QuotaDrift> reconcileNow() {
        for (int attempt = 0; attempt < 20; attempt++) {
            try {
                return reconciler.reconcile();
            } catch (RuntimeException e) {
                assertThat(e).hasMessageContaining("database");
            }
        }
        throw new AssertionError("the recount never went through");
    }
}
