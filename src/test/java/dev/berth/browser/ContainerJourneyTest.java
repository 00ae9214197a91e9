package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import dev.berth.container.Containers;
import dev.berth.container.TestImage;
import dev.berth.installation.FreePort;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A container's life as somebody with a browser drives it: pulled from a real registry, made, used, ended, removed. */
@Tag("browser")
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerJourneyTest {
    private static final String NAME = "web1";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final Containers containers = Containers.open();

    @AfterAll
    void close() {
        containers.close();
    }

    @Test
    void fromTheDialogToItsEnd() {
        String reference = TestImage.webServer().push(containers.registry(), "web:1");
        int port = FreePort.find();
        try (Chromium chromium = Chromium.launch()) {
            Page page = chromium.open(containers.installation().url());
            Journey journey = new Journey(page);
            try {
                journey.setUp(containers.installation().setupCode(), "ada", "correct horse battery");
                ImageJourney.gone(new ImageJourney(journey).pull(reference, "web"));
                journey.inventory()
                        .createContainer(NAME, "web", port + ":80")
                        .showsState(NAME, "running", PATIENCE)
                        .openInstance(NAME);
                published(chromium, port);
                journey.openTab("Console")
                        .serialConnected()
                        .typeLine("echo said-$((6*7))-here")
                        .terminalShows("said-42-here", PATIENCE);
                journey.openTab("Log");
                page.locator(".records .stdout").getByText("serving").waitFor();
                page.locator(".records .stderr").getByText("careful").waitFor();
                journey.button("Shut down").click();
                journey.stateOnPage("stopped", PATIENCE).openTab("Summary");
                page.getByText("exit code 3").first().waitFor();
                journey.delete(NAME).showsNo(NAME, PATIENCE);
            } catch (PlaywrightException e) {
                journey.keepPicture("container-journey-failed");
                throw new AssertionError(
                        "operations: "
                                + containers.api().get("/api/v1/operations").body(),
                        e);
            }
        }
        assertThat(containers.api().get("/api/v1/instances").ok().path("items")).isEmpty();
    }

    /** Another tab of the same browser. */
    private static void published(Chromium chromium, int port) {
        Page page = chromium.open(java.net.URI.create("http://127.0.0.1:" + port));
        page.navigate("/");
        Locator heading = page.locator("h1");
        heading.waitFor();
        assertThat(heading.textContent()).isEqualTo("Hello from a container");
    }
}
