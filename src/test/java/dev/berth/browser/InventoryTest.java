package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.berth.container.Containers;
import dev.berth.container.TestImage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Real machines and real containers side by side in one inventory. Its picture is the README's. */
@Tag("browser")
@Tag("packaged")
@Tag("lxc")
@Tag("qemu")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InventoryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String HEALTHY =
            ",\"health\":{\"command\":[\"wget\",\"-qO-\",\"http://127.0.0.1/\"],\"interval\":1}";
    private final Containers containers = Containers.open();

    @AfterAll
    void close() {
        containers.close();
    }

    @Test
    void bothKindsStandSideBySide() {
        containers.succeeds(
                containers.api().post("/api/v1/images?wait=60s", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}"));
        containers.image("site", TestImage.webServer());
        containers.image(
                "worker", TestImage.busybox().command("sh", "-c", "while :; do md5sum /bin/busybox; sleep 0.1; done"));
        machine("db1", true);
        machine("gateway", true);
        machine("ci-runner", false);
        containers.run("shop", "site", HEALTHY);
        containers.run("blog", "site", HEALTHY);
        containers.run("queue", "worker", "");
        containers.run("nightly-job", "site", ",\"entrypoint\":[],\"command\":[\"sh\",\"-c\",\"sleep 1; exit 3\"]");
        try (Chromium chromium = Chromium.launch()) {
            Page page = chromium.open(containers.installation().url(), 1280, 620);
            Journey journey =
                    new Journey(page).setUp(containers.installation().setupCode(), "ada", "correct horse battery");
            for (String name : List.of("db1", "gateway", "shop", "blog", "queue")) {
                journey.showsState(name, "running", PATIENCE);
            }
            journey.showsState("ci-runner", "stopped", PATIENCE);
            page.locator("vaadin-grid").getByText("exit 3").waitFor();
            showsUse(page, 5);
            journey.keepPicture("inventory-of-both-kinds");
            kind(page, "VMs", List.of("ci-runner", "db1", "gateway"), "shop");
            kind(page, "Containers", List.of("blog", "nightly-job", "queue", "shop"), "db1");
        }
    }

    private void machine(String name, boolean start) {
        containers.succeeds(containers
                .api()
                .post(
                        Containers.INSTANCES + "?wait=60s",
                        "{\"name\":\"" + name + "\",\"kind\":\"vm\",\"image\":\"tiny\",\"memory\":536870912,\"start\":"
                                + start + "}"));
    }

    /** Waits until all that runs has been measured. */
    private static void showsUse(Page page, int running) {
        page.waitForFunction(
                "running => [...document.querySelectorAll('vaadin-grid .meter')].filter(m => m.offsetParent).length"
                        + " >= 2 * running",
                running,
                new Page.WaitForFunctionOptions().setTimeout(PATIENCE.toMillis()));
        assertThat(page.locator("vaadin-grid .badge.health.good").count()).isPositive();
    }

    private static void kind(Page page, String label, List<String> shown, String hidden) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(label)).click();
        link(page, hidden).waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
        shown.forEach(name -> link(page, name).waitFor());
    }

    private static Locator link(Page page, String name) {
        return page.locator("vaadin-grid")
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }
}
