package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.berth.installation.Api;
import dev.berth.installation.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What consoles can do beyond showing and typing. */
@Tag("browser")
class ConsoleFeaturesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LOG = "/api/v1/projects/default/instances/web1/log";

    @TempDir
    Path directory;

    @Test
    void consolesDoWhatTheyPromise() {
        try (Installation installation = Installation.simulated(directory);
                Chromium chromium = Chromium.launch()) {
            installation.start();
            Api api = installation.api();
            api.post("/api/v1/images?wait=20s", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                    .ok();
            api.post(
                            "/api/v1/projects/default/instances?wait=20s",
                            "{\"name\":\"web1\",\"kind\":\"vm\",\"image\":\"tiny\",\"start\":true}")
                    .ok();
            Page page = chromium.open(installation.url());
            Journey journey = new Journey(page)
                    .setUp(installation.setupCode(), "ada", "correct horse battery")
                    .openInstance("web1")
                    .openTab("Console")
                    .serialConnected();
            scrollback(journey);
            resize(journey);
            pasteIntoSerial(journey);
            fullScreen(journey);
            keys(journey, api);
        }
    }

    private static void scrollback(Journey journey) {
        journey.terminalShows("GUEST-UP", PATIENCE)
                .typeLine("echo before-leaving")
                .terminalShows("\nbefore-leaving", PATIENCE)
                .openTab("Summary")
                .openTab("Console")
                .serialConnected()
                .terminalShows("\nbefore-leaving", PATIENCE);
    }

    /** The guest hears of every new size. */
    private static void resize(Journey journey) {
        journey.typeLine("stty size").terminalShows("\n" + size(journey), PATIENCE);
        String before = size(journey);
        journey.page().setViewportSize(1000, 900);
        journey.page()
                .waitForFunction(
                        "before => { const t = document.querySelector('berth-terminal'); return t.size() !== before; }",
                        before);
        journey.typeLine("stty size").terminalShows("\n" + size(journey), PATIENCE);
        journey.page().setViewportSize(1280, 800);
    }

    private static String size(Journey journey) {
        return (String) journey.page().locator("berth-terminal").evaluate("terminal => terminal.size()");
    }

    private static void pasteIntoSerial(Journey journey) {
        journey.paste("echo pasted-one\necho pasted-two ü\n")
                .terminalShows("\npasted-one", PATIENCE)
                .terminalShows("\npasted-two ü", PATIENCE);
    }

    private static void fullScreen(Journey journey) {
        Page page = journey.page();
        journey.button("Full screen").click();
        page.waitForFunction("() => document.fullscreenElement?.localName === 'berth-terminal'");
        page.evaluate("() => document.exitFullscreen()");
        page.waitForFunction("() => !document.fullscreenElement");
    }

    /** The simulated display writes the keys that it gets into the serial log. */
    private static void keys(Journey journey, Api api) {
        journey.openTab("Display").displayConnected().picture();
        journey.button("Ctrl-Alt-Del").click();
        logHolds(journey, api, " key:ffe3 key:ffe9 key:ffff");
        journey.paste("Ab\n");
        logHolds(journey, api, " key:ffe1 key:41 key:62 key:ff0d");
    }

    private static void logHolds(Journey journey, Api api, String words) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String log = "";
        while (System.nanoTime() < end) {
            log = api.send("GET", LOG, null, Map.of()).raw().body();
            if (log.contains(words)) {
                return;
            }
            journey.page().waitForTimeout(200);
        }
        assertThat(log).contains(words);
    }
}
