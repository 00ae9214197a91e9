package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.berth.container.Containers;
import dev.berth.container.Registry;
import dev.berth.container.TestImage;
import dev.berth.crash.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Images and registries as somebody with a browser has them, against real registries and a real store of layers. */
@Tag("browser")
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageJourneyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final Containers containers = Containers.open();
    private final Registry guarded = Registry.guarded("ci", "s3cret-word");
    private final Chromium chromium = Chromium.launch();
    private final Page page = chromium.open(containers.installation().url());
    private final Journey journey = new Journey(page);
    private final ImageJourney images = new ImageJourney(journey);

    @TempDir
    Path directory;

    @BeforeAll
    void logIn() {
        journey.setUp(containers.installation().setupCode(), "ada", "correct horse battery");
    }

    @AfterAll
    void close() {
        chromium.close();
        guarded.close();
        containers.close();
    }

    private void told(String name, Runnable story) {
        try {
            story.run();
        } catch (PlaywrightException | AssertionError e) {
            journey.keepPicture(name + "-failed");
            throw new AssertionError(
                    "operations: "
                            + containers.api().get("/api/v1/operations").raw().body(),
                    e);
        }
    }

    /** As the installation began; other tests may have changed it. */
    private void describeRegistry(String host) {
        containers.api().delete("/api/v1/registries/" + host);
        containers
                .api()
                .post("/api/v1/registries", "{\"host\":\"" + host + "\",\"plainHttp\":true,\"allowPrivate\":true}")
                .ok();
    }

    @Test
    void fromARegistryThatNobodyDescribedToAnotherOneWithALogin() {
        String reference = TestImage.webServer().push(containers.registry(), "team/web:1");
        containers.api().delete("/api/v1/registries/" + containers.registry().host());
        told("image-journey", () -> {
            pullWithRemedies(reference);
            looksAtIt(reference);
            pushWithLogin();
            theRegistryIsForgotten();
        });
    }

    private void pullWithRemedies(String reference) {
        Locator pull = images.pull(reference, "web");
        Locator fresh = images.remedy(pull, "private or reserved address", "Allow its private address", "New registry");
        images.confirm(fresh, "Add");
        ImageJourney.button(pull, "Try again").click();
        Locator known = images.remedy(pull, "no TLS", "Allow plain HTTP", "Registry");
        journey.keepPicture("image-journey-remedy");
        images.confirm(known, "Save");
        ImageJourney.button(pull, "Try again").click();
        ImageJourney.gone(pull);
    }

    private void looksAtIt(String reference) {
        images.open("web").ready();
        assertThat(images.fact("Reference")).isEqualTo(reference);
        assertThat(images.fact("Digest")).startsWith("sha256:");
        assertThat(images.fact("Platform")).startsWith("linux/");
        assertThat(images.fact("Command")).isEqualTo("/serve");
        assertThat(images.fact("Ports")).isEqualTo("80/tcp");
        assertThat(images.fact("Containers")).isEqualTo("0");
        page.getByText("2 layers, ").waitFor();
        journey.keepPicture("image-journey-page");
    }

    private void pushWithLogin() {
        page.navigate("/registries");
        journey.button("New registry").click();
        Locator form = journey.dialog("New registry");
        ImageJourney.field(form, "Host").fill(guarded.host());
        form.getByLabel("plain HTTP").check();
        form.getByLabel("private or loopback").check();
        images.confirm(form, "Add");
        images.open("web");
        Locator push = images.push("web", guarded.reference("mirror/web:2"));
        Locator login = images.remedy(push, "wants a login", "Add a login", "Registry");
        ImageJourney.field(login, "User name").fill("ci");
        ImageJourney.field(login, "Password or token").fill("s3cret-word");
        images.confirm(login, "Save");
        ImageJourney.button(push, "Try again").click();
        ImageJourney.gone(push);
        assertThat(Shell.run(
                        "skopeo",
                        "inspect",
                        "--tls-verify=false",
                        "--creds=ci:s3cret-word",
                        "docker://" + guarded.reference("mirror/web:2")))
                .contains("sha256:");
    }

    private void theRegistryIsForgotten() {
        page.navigate("/registries");
        journey.button("Edit").first().waitFor();
        assertThat(page.content()).contains(guarded.host()).doesNotContain("s3cret-word");
        journey.keepPicture("image-journey-registries");
        int before = journey.button("Delete").count();
        journey.button("Delete").first().click();
        Locator dialog = journey.dialog("Delete registry");
        String label = dialog.locator("label").first().innerText();
        dialog.getByRole(AriaRole.TEXTBOX).fill(label.replaceFirst("^Type (\\S+) to confirm.*$", "$1"));
        images.confirm(dialog, "Delete");
        page.waitForCondition(() -> journey.button("Delete").count() < before);
    }

    @Test
    void archivesGoOutAndComeBackIn() {
        describeRegistry(containers.registry().host());
        containers.image("original", TestImage.webServer());
        told("image-archives", () -> {
            Path oci = images.open("original").export("original", "OCI image layout", directory);
            Path docker = images.export("original", "docker save archive", directory);
            assertThat(oci.getFileName()).hasToString("original.oci.tar");
            images.upload(oci, "of-oci");
            assertThat(images.fact("Reference")).isEqualTo("none: it came as an archive");
            page.getByText("are shared with other images").waitFor();
            page.locator(".part vaadin-grid").getByText("original").first().waitFor();
            images.upload(docker, "of-docker");
            assertThat(images.fact("Command")).isEqualTo("/serve");
            images.upload(rootTarball(), "of-root");
            page.getByText("1 layer, ").waitFor();
            collects("of-root");
        });
    }

    private Path rootTarball() {
        Path root = directory.resolve("root");
        Path file = directory.resolve("root.tar.gz");
        Shell.run(
                "bash",
                "-c",
                "mkdir -p " + root + "/bin " + root + "/etc && cp /bin/busybox " + root
                        + "/bin/sh && echo root:x:0:0::/:/bin/sh > " + root + "/etc/passwd && tar -C " + root + " -czf "
                        + file + " .");
        return file;
    }

    /** Nothing that an image still has is offered; what nobody has is shown first, and gone afterwards. */
    private void collects(String name) {
        images.delete(name);
        journey.button("Clean up").click();
        Locator dialog = journey.dialog("Clean up layers");
        dialog.getByText("1 layer").waitFor();
        journey.keepPicture("image-journey-clean-up");
        Locator free = dialog.locator("#free");
        assertThat(free.textContent()).contains("MiB").isNotEqualTo("Free");
        free.click();
        ImageJourney.gone(dialog);
        journey.button("Clean up").click();
        journey.dialog("Clean up layers")
                .getByText("every layer belongs to an image")
                .waitFor();
        images.open("original").ready();
        page.getByText("2 layers, ").waitFor();
    }

    @Test
    void aTypedReferenceIsPulledWithTheInstance() {
        String reference = TestImage.webServer().push(containers.registry(), "typed:3");
        describeRegistry(containers.registry().host());
        told("image-typed", () -> {
            journey.inventory();
            journey.button("New instance").click();
            Locator dialog = journey.dialog("New instance");
            Locator image = ImageJourney.field(dialog, "Image");
            image.fill("Not/A Reference");
            image.press("Enter");
            dialog.getByText("A reference looks like").waitFor();
            image.fill(reference);
            image.press("Enter");
            dialog.getByText("Not here yet: it is pulled from").waitFor();
            ImageJourney.field(dialog, "Name").fill("typed");
            dialog.getByLabel("Environment").fill("GREETING=hello there");
            ImageJourney.field(dialog, "Command").fill("sh -c 'echo \"said: $GREETING\"; exec /serve'");
            journey.keepPicture("image-typed");
            ImageJourney.button(dialog, "Create").click();
            ImageJourney.gone(dialog);
            journey.showsState("typed", "running", PATIENCE);
            containers.awaitLog("typed", "said: hello there");
            images.open("typed-3").factBecomes("Containers", "1");
            containers.delete("typed");
            images.factBecomes("Containers", "0");
        });
    }

    @Test
    void aPullShowsItsBytesAndIsCancelled() {
        TestImage.busybox().random("data", 16, 1024).push(containers.registry(), "big:1");
        try (SlowRegistry slow = new SlowRegistry(containers.registry().host())) {
            describeRegistry(slow.host());
            told("image-cancel", () -> {
                Locator pull = images.pull(slow.host() + "/big:1", "big");
                pull.getByText(Pattern.compile("MiB of \\d+.*MiB, \\d+ %")).waitFor();
                journey.keepPicture("image-journey-pulling");
                ImageJourney.button(pull, "Cancel the pull").click();
                ImageJourney.button(pull, "Pull").waitFor();
                images.confirm(pull, "Close");
                page.locator("vaadin-grid")
                        .getByText("big")
                        .first()
                        .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
            });
            assertThat(containers.api().get("/api/v1/images/big").status()).isEqualTo(404);
        }
    }
}
