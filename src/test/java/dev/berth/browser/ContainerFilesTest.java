package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.berth.container.Containers;
import dev.berth.container.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Files of a real container in a real browser: walked through, brought in, compared, taken out and removed. */
@Tag("browser")
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerFilesTest {
    private static final String NAME = "filer";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LARGE = 20 << 20;
    private final Containers containers = Containers.open();
    private final Chromium chromium = Chromium.launch();
    private final Page page = chromium.open(containers.installation().url());
    private final Journey journey = new Journey(page);

    @TempDir
    Path directory;

    @BeforeAll
    void container() {
        containers.image("box", TestImage.busybox().link("shortcut", "etc").command("sleep", "100000"));
        containers.run(NAME, "box", "");
        page.setDefaultTimeout(PATIENCE.toMillis());
        journey.setUp(containers.installation().setupCode(), "ada", "correct horse battery");
    }

    @BeforeEach
    void files() {
        page.navigate("/instances/" + containers.id(NAME) + "/files");
        entry("etc").waitFor();
    }

    @AfterEach
    void keepPicture(TestInfo test) {
        journey.keepPicture("files-after-" + test.getTestMethod().orElseThrow().getName());
    }

    @AfterAll
    void close() {
        chromium.close();
        containers.close();
    }

    @Test
    void filesGoInAndOut() throws IOException {
        makeDirectory("incoming");
        byte[] large = new byte[LARGE];
        new Random(7).nextBytes(large);
        Path first = Files.write(directory.resolve("large file.bin"), large);
        Path second = Files.writeString(directory.resolve("ünïcode.txt"), "one\n");
        choose(first, second);
        uploaded(first);
        uploaded(second);
        assertThat(inside("sha256sum /incoming/*.bin")).startsWith(sha256(first));
        assertThat(inside("cat /incoming/*.txt")).isEqualTo("one\n");
        link("large file.bin").waitFor();
        Download download = page.waitForDownload(() -> link("large file.bin").click());
        assertThat(Files.mismatch(download.path(), first)).isEqualTo(-1);
    }

    @Test
    void whatIsThereIsReplacedOnlyWhenAsked() throws IOException {
        inside("mkdir /kept && echo old > /kept/tool && chmod 750 /kept/tool");
        journey.button("Read again").click();
        open("kept");
        Path tool = Files.writeString(directory.resolve("tool"), "new\n");
        choose(tool);
        page.getByText("There is a file of this name already.").waitFor();
        assertThat(inside("cat /kept/tool")).isEqualTo("old\n");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Replace"))
                .click();
        uploaded(tool);
        assertThat(inside("cat /kept/tool")).isEqualTo("new\n");
        assertThat(inside("stat -c %a /kept/tool")).isEqualTo("750\n");
        page.getByText("-rwxr-x---").waitFor();
        // Also what came after the directory was shown.
        inside("echo mine > /kept/late");
        choose(Files.writeString(directory.resolve("late"), "yours\n"));
        page.getByText("There is a file of this name already.").waitFor();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Skip"))
                .click();
        assertThat(inside("cat /kept/late")).isEqualTo("mine\n");
    }

    @Test
    void filesAndDirectoriesAreRemoved() {
        inside("mkdir /gone && echo x > /gone/file");
        journey.button("Read again").click();
        journey.button("Delete gone").click();
        confirm("gone");
        page.getByText("The directory is not empty.").waitFor();
        open("gone");
        journey.button("Delete file").click();
        confirm("file");
        page.getByText("Nothing lies in this directory.").waitFor();
        assertThat(inside("ls /gone | wc -l").strip()).isEqualTo("0");
    }

    @Test
    void linksAreFollowedInsideAndWhatIsGoneIsSaid() {
        open("shortcut");
        link("passwd").waitFor();
        page.locator(".crumb")
                .getByText("/", new Locator.GetByTextOptions().setExact(true))
                .click();
        makeDirectory("short-lived");
        inside("rmdir /short-lived");
        journey.button("Read again").click();
        page.locator(".files .notice")
                .getByText("There is no file '/short-lived' here.")
                .waitFor();
    }

    @Test
    void aLargeDirectoryIsSentInPages() {
        inside("mkdir /many && cd /many && for i in $(seq 10000 14999); do : > f$i; done");
        journey.button("Read again").click();
        open("many");
        link("f10000").waitFor();
        assertThat(page.locator("vaadin-grid").evaluate("grid => grid.size")).isEqualTo(5000);
        assertThat(page.locator("vaadin-grid-cell-content").count()).isLessThan(1000);
        page.locator("vaadin-grid").evaluate("grid => grid.scrollToIndex(4999)");
        link("f14999").waitFor();
    }

    private Locator entry(String name) {
        return page.locator("vaadin-grid")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator link(String name) {
        return page.locator("vaadin-grid")
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    private void open(String name) {
        entry(name).click();
        page.locator(".crumb[aria-current]").getByText(name).waitFor();
    }

    private void makeDirectory(String name) {
        journey.button("New directory").click();
        Locator dialog = journey.dialog("New directory");
        dialog.getByRole(AriaRole.TEXTBOX).fill(name);
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Make"))
                .click();
        open(name);
    }

    private void confirm(String name) {
        journey.dialog("Delete " + name)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Delete"))
                .click();
    }

    private void choose(Path... files) {
        page.waitForFileChooser(() -> journey.button("Upload").click()).setFiles(files);
    }

    private void uploaded(Path file) {
        page.locator("berth-files li.done .name")
                .getByText(file.getFileName().toString())
                .waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE.toMillis()));
    }

    /** What a line in the container's shell says. */
    private String inside(String line) {
        return containers.said(NAME, line);
    }

    private static String sha256(Path file) {
        return dev.berth.crash.Shell.run("sha256sum", file.toString()).substring(0, 64);
    }
}
