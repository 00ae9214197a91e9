package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import dev.berth.installation.LibvirtDaemons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newcomer's first minutes: set-up, a machine, its consoles, and its end. */
@Tag("browser")
class FirstStepsTest {
    private static final String NAME = "web1";
    private static final String INSTANCE = "/api/v1/projects/default/instances/" + NAME;

    @TempDir
    Path directory;

    @Test
    void simulatedMachineFromSetUpToDelete() {
        try (Installation installation = Installation.fake(directory)) {
            story(installation.start(), Duration.ofSeconds(30), "key:65 key:63 key:68");
        }
    }

    @Test
    @Tag("qemu")
    void realMachineFromSetUpToDelete() throws IOException {
        LibvirtDaemons.start();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        try (Installation installation = Installation.real(directory, "qemu:///system")) {
            story(installation.start(), Duration.ofSeconds(180), "Seen on the Display");
        }
    }

    /** @param evidence what the serial log holds when text typed on the display has arrived */
    private static void story(Installation installation, Duration patience, String evidence) {
        installation
                .api()
                .post("/api/v1/images?wait=5m", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                .ok();
        try (Chromium chromium = Chromium.launch()) {
            Page page = chromium.open(installation.url());
            Journey journey = new Journey(page);
            try {
                journey.setUp(installation.setupCode(), "ada", "correct horse battery")
                        .create(NAME, "tiny")
                        .showsState(NAME, "running", patience)
                        .openInstance(NAME);
                serialConsole(journey, patience);
                display(journey, patience);
                Await.until(patience, () -> "not in the log: " + evidence, () -> log(installation)
                        .contains(evidence));
                journey.keepPicture("first-steps-display");
                journey.button("Force off").click();
                journey.stateOnPage("stopped", patience).delete(NAME).showsNo(NAME, patience);
            } catch (PlaywrightException | AssertionError e) {
                journey.keepPicture("first-steps-failed");
                String operations =
                        installation.api().get("/api/v1/operations").raw().body();
                // A real guest would outlive the test.
                installation.api().delete(INSTANCE + "?force=true&wait=1m");
                throw new AssertionError("operations: " + operations, e);
            }
        }
        assertThat(installation.api().get("/api/v1/instances").ok().path("items"))
                .isEmpty();
    }

    private static String log(Installation installation) {
        return installation.api().get(INSTANCE + "/log").raw().body();
    }

    private static void serialConsole(Journey journey, Duration patience) {
        journey.openTab("Console")
                .serialConnected()
                .terminalShows("# ", patience)
                .typeLine("echo said-42-here")
                .terminalShows("\nsaid-42-here", patience);
    }

    private static void display(Journey journey, Duration patience) {
        journey.openTab("Display").displayConnected();
        String before = journey.picture();
        journey.paste("echo Seen on the Display > /dev/ttyS0\n").pictureDiffersFrom(before, patience);
    }
}
