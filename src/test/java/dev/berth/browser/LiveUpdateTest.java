package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.berth.installation.Api;
import dev.berth.installation.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes through REST appears in an open browser within a second, without reload. */
@Tag("browser")
class LiveUpdateTest {
    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private static final int ROUNDS = 5;
    private static final long LIMIT_MILLIS = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final Map<String, List<Long>> millis = new LinkedHashMap<>();

    @TempDir
    Path directory;

    @Test
    void changesAppearWithinASecond() {
        try (Installation installation = Installation.fake(directory);
                Chromium chromium = Chromium.launch()) {
            installation.start();
            Api api = installation.api();
            Page page = chromium.open(installation.url());
            Journey journey = new Journey(page).setUp(installation.setupCode(), "ada", "correct horse battery");
            page.evaluate("() => { window.neverReloaded = true; }");
            api.post("/api/v1/images?wait=20s", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                    .ok();
            for (int round = 0; round < ROUNDS; round++) {
                String name = "live-" + round;
                String body = "{\"name\":\"" + name + "\",\"kind\":\"vm\",\"image\":\"tiny\"}";
                after(
                        "create",
                        () -> api.post(INSTANCES + "?wait=20s", body).ok(),
                        () -> journey.showsState(name, "stopped", PATIENCE));
                after("start", () -> action(api, name, "start"), () -> journey.showsState(name, "running", PATIENCE));
                after("stop", () -> action(api, name, "stop"), () -> journey.showsState(name, "stopped", PATIENCE));
                after(
                        "delete",
                        () -> api.delete(INSTANCES + "/" + name + "?wait=20s").ok(),
                        () -> journey.showsNo(name, PATIENCE));
            }
            assertThat(page.evaluate("() => window.neverReloaded")).isEqualTo(true);
            instancePage(api, page, journey);
        }
        System.out.println("from the end of the REST call to the open page, ms: " + millis);
        millis.forEach(
                (what, times) -> assertThat(times.stream().sorted().toList().get(times.size() / 2))
                        .as("median of " + what + ", ms, of " + times)
                        .isLessThan(LIMIT_MILLIS));
    }

    /** An instance's page follows too, and leaves when the instance is gone. */
    private void instancePage(Api api, Page page, Journey journey) {
        api.post(INSTANCES + "?wait=20s", "{\"name\":\"seen\",\"kind\":\"vm\",\"image\":\"tiny\"}")
                .ok();
        journey.openInstance("seen");
        Locator delete = page.locator(".head").getByLabel("Delete");
        delete.evaluate("button => { button.stays = true; }");
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("More"))
                .click();
        Locator restart = page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Restart"));
        restart.getByText("start it first").waitFor();
        after("start, on its page", () -> action(api, "seen", "start"), () -> journey.stateOnPage("running", PATIENCE));
        assertThat(restart.innerText()).as("the open menu").isEqualTo("Restart");
        assertThat(delete.evaluate("button => button.stays"))
                .as("a button that somebody may just click on")
                .isEqualTo(true);
        page.keyboard().press("Escape");
        factsStay(page);
        typedTextStays(api, page);
        action(api, "watched", "pause");
        page.locator(".head").getByLabel("Resume").click();
        journey.stateOnPage("running", PATIENCE);
        after(
                "gone, on its page",
                () -> api.delete(INSTANCES + "/watched?force=true&wait=20s").ok(),
                () -> page.locator("#new-instance")
                        .waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE.toMillis())));
    }

    /** With each sample the charts grow, and what somebody has selected beside them stays. */
    private static void factsStay(Page page) {
        Locator list = page.locator(".card .facts").first();
        page.evaluate(
                "() => { window.samples = 0; const chart = document.querySelector('berth-chart');"
                        + " const show = chart.show.bind(chart);"
                        + " chart.show = (labels, unit, data) => { window.samples = data[0].length; show(labels, unit, data); }; }");
        samples(page, 1); // by then all that a start changes is there
        list.evaluate("list => { list.stays = true; }");
        samples(page, 3);
        assertThat(list.evaluate("list => list.stays")).as("the list of facts").isEqualTo(true);
    }

    /** What others change appears in its fields, and does not take away what is being typed beside them. */
    private static void typedTextStays(Api api, Page page) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Hardware"))
                .click();
        Locator memory = page.getByLabel("Memory in MiB");
        memory.fill("333");
        memory.press("Tab");
        Locator size = page.locator("input[placeholder='new size in GiB']");
        size.fill("77");
        api.send("PATCH", INSTANCES + "/seen?wait=20s", "{\"name\":\"watched\"}", Map.of("If-Match", "*"))
                .ok();
        Locator name = page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true));
        page.waitForCondition(() -> name.inputValue().equals("watched"));
        assertThat(memory.inputValue()).as("typed and left").isEqualTo("333");
        assertThat(size.inputValue()).as("being typed").isEqualTo("77");
    }

    private static void samples(Page page, int wanted) {
        page.waitForFunction(
                "wanted => window.samples >= wanted", wanted, new Page.WaitForFunctionOptions().setTimeout(30_000));
    }

    private static void action(Api api, String name, String verb) {
        api.post(INSTANCES + "/" + name + "/actions/" + verb + "?wait=20s", "{}")
                .ok();
    }

    private void after(String what, Runnable change, Runnable seen) {
        change.run();
        long start = System.nanoTime();
        seen.run();
        millis.computeIfAbsent(what, key -> new ArrayList<>())
                .add(Duration.ofNanos(System.nanoTime() - start).toMillis());
    }
}
