package dev.berth.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.sql.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lists over ten thousand instances; the printed p99 is the figure to look at, the assertions
 * leave room for a busy machine. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@Tag("bench")
class ScaleTest {
    private static final int FLEET = 10_000;

    @Inject
    Sql sql;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void pagesAndInventoryOfTenThousandAreQuick() throws IOException, InterruptedException {
        AdminApi.ensureTinyImage();
        AdminApi.admin()
                .body("{\"name\":\"template\",\"kind\":\"vm\",\"image\":\"tiny\"}")
                .post("/api/v1/projects/default/instances?wait=20s")
                .then()
                .statusCode(200);
        multiply();
        String filtered = "/api/v1/instances?limit=100&filter="
                + URLEncoder.encode("state=running name~fleet-0", StandardCharsets.UTF_8);
        long[] warm = times(filtered, 30);
        long[] pages = times(filtered, 200);
        long[] plain = times("/api/v1/instances?limit=100", 200);
        long[] inventory = times("/api/v1/inventory", 12);
        System.out.printf(
                "filtered page of 100: p50 %d ms, p99 %d ms (first ones %d ms); page: p50 %d ms, p99 %d ms;"
                        + " inventory of %d: p50 %d ms, worst %d ms%n",
                at(pages, 50),
                at(pages, 99),
                at(warm, 99),
                at(plain, 50),
                at(plain, 99),
                FLEET,
                at(inventory, 50),
                at(inventory, 100));
        assertThat(at(pages, 90)).as("p90 of a filtered page, ms").isLessThanOrEqualTo(50);
        assertThat(at(inventory, 50)).as("whole inventory, ms").isLessThanOrEqualTo(1000);
    }

    /** Rows as the template's, every second one seen running. */
    private void multiply() {
        sql.update(
                "insert into instance (id, project, name, kind, node, image, phase, desired_state, cpus, max_cpus, memory,"
                        + " max_memory, disks, nics, spec, deletion_protection, created_at)"
                        + " select gen_random_uuid(), project, 'fleet-' || lpad(n::text, 5, '0'), kind, node, image, phase,"
                        + " desired_state, cpus, max_cpus, memory, max_memory, disks, nics, spec, deletion_protection,"
                        + " created_at from instance, generate_series(1, ?) n where name = 'template'",
                FLEET);
        sql.update(
                "insert into instance_observed (instance, state, addresses, observed_at)"
                        + " select id, case when right(name, 1) < '5' then 'RUNNING' else 'STOPPED' end, '{10.66.1.1}', now()"
                        + " from instance where name like 'fleet-%' on conflict (instance) do update set state = excluded.state");
        sql.update("analyze");
    }

    private long[] times(String path, int count) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Authorization", "Bearer " + AdminApi.token())
                .build();
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            times[i] = Duration.ofNanos(System.nanoTime() - start).toMillis();
            assertThat(response.statusCode()).isEqualTo(200);
        }
        Arrays.sort(times);
        return times;
    }

    private static long at(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
