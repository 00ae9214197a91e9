package dev.berth.bench;

import dev.berth.installation.Api;
import dev.berth.installation.Installation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lists over a big fleet of fake instances, made through the API like any others. */
final class FleetBench {
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private static final int CLIENTS = 16;
    private final int size;
    private final Table table;

    FleetBench(int size, Table table) {
        this.size = size;
        this.table = table;
    }

    void run(Path state) throws Exception {
        table.title("Fleet of " + size + " fake instances");
        try (Installation installation = Installation.fake(state)) {
            installation.startController(Map.of("BERTH_NODE_FAKE_LATENCY", "0ms"));
            installation.awaitReady();
            Api api = installation.api();
            api.post("/api/v1/images?wait=60s", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                    .ok();
            double seconds = Samples.time(() -> fill(api)) / 1000;
            table.row(
                    "creates, each an operation of its own", String.format(Locale.ROOT, "%.0f /s", size / seconds), "");
            lists(api);
            table.bytes("controller's memory then (RSS)", installation.controllerMemory(), "");
        }
    }

    private int fill(Api api) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                String body = String.format(
                        Locale.ROOT,
                        "{\"name\":\"fleet-%05d\",\"kind\":\"vm\",\"image\":\"tiny\",\"start\":%b}",
                        i,
                        i % 2 == 0);
                all.add(clients.submit(
                        () -> api.post(INSTANCES + "?wait=120s", body).ok()));
            }
            for (Future<?> one : all) {
                one.get();
            }
            return all.size();
        }
    }

    private void lists(Api api) throws Exception {
        String filter = URLEncoder.encode("state=running name~fleet-0", StandardCharsets.UTF_8);
        for (int warm = 0; warm < 30; warm++) {
            api.get("/api/v1/instances?limit=100&filter=" + filter).ok();
            api.get("/api/v1/inventory").ok();
        }
        table.row("GET /instances, page of 100", Samples.measure(200, () -> page(api, "limit=100")), "p99 <= 50 ms");
        table.row(
                "GET /instances, page of 100, filtered",
                Samples.measure(200, () -> page(api, "limit=100&filter=" + filter)),
                "p99 <= 50 ms");
        Samples inventory =
                Samples.measure(20, () -> api.get("/api/v1/inventory").ok());
        table.row("GET /inventory, everything with states", inventory, "<= 1000 ms");
        table.row(
                "  for each instance",
                String.format(Locale.ROOT, "%.3f ms", inventory.median() / size),
                "(LXD: 3 ms an instance)");
    }

    private static Object page(Api api, String query) {
        var page = api.get("/api/v1/instances?" + query).ok();
        if (page.path("items").size() != 100) {
            throw new AssertionError(
                    "the page is not full: " + page.path("items").size());
        }
        return page;
    }
}
