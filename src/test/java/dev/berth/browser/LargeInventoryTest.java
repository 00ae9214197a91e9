package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.berth.installation.Api;
import dev.berth.installation.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The inventory with ten thousand instances: it loads what it shows, and nothing more. The printed times are to look at. */
@Tag("browser")
class LargeInventoryTest {
    private static final int FLEET = 10_000;
    private static final Duration BUSY_MACHINE = Duration.ofSeconds(5);
    private static final String SHOWS = """
            wanted => document.querySelector('vaadin-grid')?._flatSize === wanted.rows
                && [...document.querySelectorAll(`vaadin-grid .badge[data-of='${wanted.name}']`)]
                    .some(badge => badge.offsetParent)
            """;
    private final Map<String, Long> millis = new LinkedHashMap<>();

    @TempDir
    Path directory;

    @Test
    void scrollsAndFiltersTenThousand() {
        try (Installation installation = Installation.fake(directory);
                Chromium chromium = Chromium.launch()) {
            installation.start();
            Page page = chromium.open(installation.url());
            Journey journey = new Journey(page).setUp(installation.setupCode(), "ada", "correct horse battery");
            Api api = installation.api();
            api.post("/api/v1/images?wait=20s", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                    .ok();
            api.post(
                            "/api/v1/projects/default/instances?wait=20s",
                            "{\"name\":\"template\",\"kind\":\"vm\",\"image\":\"tiny\"}")
                    .ok();
            Fleet.multiply(directory, FLEET);
            int all = FLEET + 1;
            measure("open", page, page::reload, "fleet-00001", all);
            measure("scroll to the middle", page, () -> scroll(page, FLEET / 2), "fleet-05001", all);
            measure("scroll to the end", page, () -> scroll(page, FLEET), "fleet-10000", all);
            measure("scroll to the start", page, () -> scroll(page, 0), "fleet-00001", all);
            measure("filter by name", page, () -> search(page, "name~fleet-0999"), "fleet-09990", 10);
            measure("filter by state", page, () -> search(page, "state=stopped name~fleet-0999"), "fleet-09995", 5);
            measure("no filter again", page, () -> search(page, ""), "fleet-00001", all);
            long cells = ((Number) page.evaluate("() => document.querySelectorAll('vaadin-grid .badge').length"))
                    .longValue();
            assertThat(cells).as("rows that the browser holds").isLessThan(200);
            journey.keepPicture("inventory-of-ten-thousand");
        }
        System.out.println("inventory of " + FLEET + ", ms: " + millis);
        assertThat(millis.values()).allMatch(time -> time < BUSY_MACHINE.toMillis());
    }

    /** Does something, and waits until the grid has so many rows and shows this one. */
    private void measure(String what, Page page, Runnable action, String name, int rows) {
        long start = System.nanoTime();
        action.run();
        page.waitForFunction(
                SHOWS, Map.of("name", name, "rows", rows), new Page.WaitForFunctionOptions().setTimeout(60_000));
        millis.put(what, Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private static void scroll(Page page, int row) {
        page.locator("vaadin-grid").evaluate("(grid, row) => grid.scrollToIndex(row)", row);
    }

    private static void search(Page page, String text) {
        page.getByLabel("Search").fill(text);
    }
}
