package dev.berth.browser;

import com.microsoft.playwright.Page;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What consoles can do beyond showing and typing: scrollback, size, paste, full screen, keys, and coming back. */
@Tag("browser")
class ConsoleFeaturesTest {
    /** Long, because the machine may be busy with other guests. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String INSTANCES = "/api/v1/projects/default/instances";
    private static final String TERMINAL = "berth-terminal";
    private static final String DISPLAY = "berth-display";

    @TempDir
    Path directory;

    @Test
    void consolesDoWhatTheyPromise() {
        try (Installation installation = Installation.simulated(directory);
                Chromium chromium = Chromium.launch()) {
            Journey journey = withRunningInstance(installation, chromium);
            journey.openTab("Console").serialConnected();
            scrollback(journey);
            resize(journey);
            pasteIntoSerial(journey);
            fullScreen(journey);
            keys(journey, installation.api());
        }
    }

    /** Nobody touches the browser meanwhile. */
    @Test
    void consolesComeBackByThemselvesAfterTheControllerDied() {
        try (Installation installation = Installation.simulated(directory);
                Chromium chromium = Chromium.launch()) {
            Journey serial = withRunningInstance(installation, chromium);
            serial.openTab("Console")
                    .serialConnected()
                    .typeLine("echo before-it-died")
                    .terminalShows("\nbefore-it-died", PATIENCE);
            Journey display = new Journey(serial.page().context().newPage());
            display.page().navigate(serial.page().url().replace("/console", "/display"));
            display.displayConnected().picture();

            installation.killController();
            serial.consoleSays(TERMINAL, "Reconnecting");
            display.consoleSays(DISPLAY, "Reconnecting");
            installation.start();

            serial.consoleSays(TERMINAL, "connected", PATIENCE)
                    // The guest never noticed: what it had said is still there, and it still listens.
                    .terminalShows("\nbefore-it-died", PATIENCE)
                    .typeLine("echo after-it-died")
                    .terminalShows("\nafter-it-died", PATIENCE);
            display.consoleSays(DISPLAY, "connected", PATIENCE).picture();
            display.paste("x\n");
            logHolds(installation.api(), "key:78 key:ff0d");
        }
    }

    private static Journey withRunningInstance(Installation installation, Chromium chromium) {
        installation.start();
        Api api = installation.api();
        api.post("/api/v1/images?wait=30s", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                .ok();
        api.post(INSTANCES + "?wait=30s", "{\"name\":\"web1\",\"kind\":\"vm\",\"image\":\"tiny\",\"start\":true}")
                .ok();
        return new Journey(chromium.open(installation.url()))
                .setUp(installation.setupCode(), "ada", "correct horse battery")
                .openInstance("web1");
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
        guestKnowsSize(journey);
        String before = size(journey);
        journey.page().setViewportSize(1000, 900);
        Await.until(PATIENCE, () -> "still " + before, () -> !size(journey).equals(before));
        guestKnowsSize(journey);
        journey.page().setViewportSize(1280, 800);
    }

    /** Asked again and again: a page that is laid out anew may change its size more than once. */
    private static void guestKnowsSize(Journey journey) {
        Await.until(PATIENCE, () -> size(journey) + " is not in:\n" + journey.terminalText(), () -> {
            journey.typeLine("stty size");
            journey.page().waitForTimeout(500);
            return journey.terminalText().contains("\n" + size(journey) + "\n");
        });
    }

    private static String size(Journey journey) {
        return (String) journey.page().locator(TERMINAL).evaluate("terminal => terminal.size()");
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
        logHolds(api, " key:ffe3 key:ffe9 key:ffff");
        journey.paste("Ab\n");
        logHolds(api, " key:ffe1 key:41 key:62 key:ff0d");
    }

    private static void logHolds(Api api, String words) {
        Await.until(PATIENCE, () -> words + " is not in:\n" + log(api), () -> log(api).contains(words));
    }

    private static String log(Api api) {
        return api.get(INSTANCES + "/web1/log").raw().body();
    }
}
