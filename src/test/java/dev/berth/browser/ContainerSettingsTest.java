package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.berth.container.Containers;
import dev.berth.container.TestImage;
import dev.berth.installation.Await;
import dev.berth.installation.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** What somebody changes of a real container in a real browser: its ports, limits, volumes and image, and what follows. */
@Tag("browser")
@Tag("packaged")
@Tag("lxc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerSettingsTest {
    private static final String NAME = "shop";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private final Containers containers = Containers.open();
    private final Chromium chromium = Chromium.launch();
    private final Page page = chromium.open(containers.installation().url());
    private final Journey journey = new Journey(page);

    @BeforeAll
    void container() {
        containers.image("web", TestImage.webServer().set("Volumes", "/data"));
        containers.run(NAME, "web", ",\"health\":{\"command\":[\"/bin/true\"],\"interval\":1}");
        page.setDefaultTimeout(PATIENCE.toMillis());
        journey.setUp(containers.installation().setupCode(), "ada", "correct horse battery");
    }

    @AfterEach
    void keepPicture(TestInfo test) {
        journey.keepPicture(
                "settings-after-" + test.getTestMethod().orElseThrow().getName());
    }

    @AfterAll
    void close() {
        chromium.close();
        containers.close();
    }

    private void tab(String name) {
        page.navigate("/instances/" + containers.id(NAME) + "/" + name);
    }

    @Test
    void aPortIsPublishedOpenedAndClosed() {
        int port = FreePort.find();
        tab("ports");
        publish(port, "80");
        Locator link = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("http://127.0.0.1:" + port));
        link.waitFor();
        Await.until(PATIENCE, () -> "port " + port + " stays closed", () -> open(port));
        Page opened = page.waitForPopup(link::click);
        assertThat(opened.locator("h1").textContent()).isEqualTo("Hello from a container");
        opened.close();
        publish(port, "81");
        page.getByText("Port " + port + "/tcp is in the list twice; each port leads to one place.")
                .waitFor();
        tab("summary");
        link.waitFor();
        tab("ports");
        journey.button("Close port " + port).click();
        page.getByText("No port leads to it yet.").waitFor();
        Await.until(PATIENCE, () -> "port " + port + " stays open", () -> !open(port));
    }

    @Test
    void aPortOfAnotherIsRefusedInPlainWords() {
        int port = FreePort.find();
        containers.run("other", "web", ",\"publish\":[{\"host\":" + port + ",\"instance\":80}]");
        tab("ports");
        publish(port, "80");
        page.getByText("Port " + port + "/tcp of the node is published by the instance 'other' already")
                .waitFor();
        publish(22, "80");
        page.getByText("Port 22 is kept for the node's own services").waitFor();
    }

    private void publish(int port, String inside) {
        page.getByLabel("Port of the node").fill(Integer.toString(port));
        page.getByLabel("Port inside").fill(inside);
        journey.button("Publish").click();
    }

    @Test
    void limitsHoldAtOnce() {
        tab("limits");
        card("Processes").getByLabel("Most processes").fill("77");
        apply("Processes");
        awaitGroup("pids.max", "77");
        // The page is drawn anew after a change, which may be later than what the kernel says.
        tab("limits");
        card("Memory").getByLabel("Memory in MiB").fill("96");
        apply("Memory");
        awaitGroup("memory", Long.toString(96L << 20));
        assertThat(containers.get(NAME).at("/spec/limits/pids").asInt()).isEqualTo(77);
        assertThat(containers.get(NAME).path("memory").asLong()).isEqualTo(96L << 20);
        card("Memory").locator(".meter").getByText("of 96 MiB").waitFor();
        card("Writable layer").locator(".meter").getByText(" of ").waitFor();
        journey.keepPictures("limits");
        card("Processes").locator(".meter").getByText("processes").waitFor();
        card("Health check").getByText("/bin/true").waitFor();
        assertThat(containers.get(NAME).path("restartNeeded").asBoolean()).isFalse();
    }

    @Test
    void whatHappensAtItsEndIsChanged() {
        tab("limits");
        Locator policy = card("Restart policy").locator("vaadin-combo-box input");
        policy.click();
        page.getByRole(AriaRole.OPTION, new Page.GetByRoleOptions().setName("it is started again after a failure"))
                .click();
        card("Restart policy").getByLabel("Restarts in a row").fill("4");
        apply("Restart policy");
        Await.until(
                PATIENCE,
                () -> containers.get(NAME).path("spec").toPrettyString(),
                () -> containers.get(NAME).at("/spec/restart/maxRetries").asInt() == 4);
        assertThat(containers.get(NAME).at("/spec/restart/kind").asText()).isEqualTo("on-failure");
    }

    private Locator card(String title) {
        return page.locator(".card")
                .filter(new Locator.FilterOptions().setHas(page.locator("h3").getByText(title)));
    }

    private void apply(String card) {
        card(card)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Apply"))
                .click();
    }

    /** Waits until a control file of the container holds a value, in either version of control groups. */
    private void awaitGroup(String file, String value) {
        String group = "berth/" + containers.id(NAME) + "/";
        Stream<Path> places = file.equals("memory")
                ? Stream.of(
                        Path.of("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes"),
                        Path.of("/sys/fs/cgroup", group, "memory.max"))
                : Stream.of(Path.of("/sys/fs/cgroup/pids", group, file), Path.of("/sys/fs/cgroup", group, file));
        Path place = places.filter(Files::exists).findFirst().orElseThrow();
        Await.until(PATIENCE, () -> place + " holds " + text(place), () -> text(place)
                .equals(value));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aVolumeIsMadeMountedGrownAndDeleted() {
        page.navigate("/volumes");
        journey.button("New volume").click();
        Locator dialog = journey.dialog("New volume");
        dialog.getByLabel("Name").fill("ledger");
        dialog.getByLabel("Size in MiB").fill("64");
        press(dialog, "Create");
        page.getByText("ledger", new Page.GetByTextOptions().setExact(true)).waitFor();
        String volume = "/api/v1/projects/default/volumes/ledger";
        Await.until(
                PATIENCE,
                () -> "not ready",
                () -> containers.api().get(volume).ok().path("state").asText().equals("ready"));
        containers.run(
                "keeper", "web", ",\"mounts\":[{\"volume\":\"ledger\",\"target\":\"/books\",\"readOnly\":true}]");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("keeper"))
                .first()
                .click();
        page.getByText("/books").waitFor();
        page.getByText("read-only").waitFor();
        page.getByText("volume of its image").waitFor();
        page.navigate("/volumes");
        journey.button("Grow ledger").click();
        dialog = journey.dialog("Grow ledger");
        dialog.getByLabel("Size in MiB").fill("96");
        press(dialog, "Grow");
        page.getByText("of 96 MiB").waitFor();
        assertThat(journey.button("Delete ledger").isDisabled()).isTrue();
        containers.delete("keeper");
        Await.until(PATIENCE, () -> "stays in use", () -> journey.button("Delete ledger")
                .isEnabled());
        journey.button("Delete ledger").evaluate("button => button.kept = true");
        containers.run("passer-by", "web", "");
        assertThat(journey.button("Delete ledger").evaluate("button => button.kept"))
                .as("the button is the same after other instances have changed")
                .isEqualTo(true);
        containers.delete("passer-by");
        journey.button("Delete ledger").click();
        dialog = journey.dialog("Delete volume");
        dialog.getByRole(AriaRole.TEXTBOX).fill("ledger");
        press(dialog, "Delete");
        journey.button("Delete ledger").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
        assertThat(containers.api().get(volume).status()).isEqualTo(404);
    }

    private static void press(Locator dialog, String button) {
        dialog.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    @Test
    void itsConfigurationIsChangedAndHoldsAfterARestart() {
        containers.run("edited", "web", ",\"env\":{\"LANG\":\"C\"}");
        page.navigate("/instances/" + containers.id("edited") + "/summary");
        Locator dialog = configuration();
        dialog.getByText("It is running: what is changed here needs a restart.").waitFor();
        assertThat(field(dialog, "Command").inputValue()).isEqualTo("/serve");
        assertThat(dialog.getByLabel("Environment").inputValue()).isEqualTo("LANG=C");
        field(dialog, "Command").fill("sh -c 'echo \"$GREETING, $(ulimit -n) files\"; exec /serve'");
        dialog.getByLabel("Environment").fill("LANG=C.UTF-8\nGREETING=hello  there");
        field(dialog, "Limits of each process").fill("nofile=512:1024");
        field(dialog, "Further hosts").fill("10.0.0.300 db.example");
        press(dialog, "Save");
        dialog.locator("vaadin-text-area[invalid]")
                .getByText("An IPv4 address is four numbers from 0 to 255")
                .waitFor();
        field(dialog, "Further hosts").fill("10.0.0.30 db.example");
        press(dialog, "Save");
        ImageJourney.gone(dialog);
        page.getByText("Restart needed: shut it down and start it again").waitFor();
        checkedFromItsNextStart();
        assertThat(containers.said("edited", "cat /etc/hosts")).contains("10.0.0.30");
        containers.awaitLog("edited", "hello  there, 512 files");
    }

    private void checkedFromItsNextStart() {
        Locator dialog = configuration();
        assertThat(dialog.getByLabel("Environment").inputValue()).isEqualTo("LANG=C.UTF-8\nGREETING=hello  there");
        assertThat(field(dialog, "Further hosts").inputValue()).isEqualTo("10.0.0.30 db.example");
        assertThat(field(dialog, "Limits of each process").inputValue()).isEqualTo("nofile=512:1024");
        dialog.getByLabel("Health check command").fill("test -e /serve");
        dialog.getByLabel("Interval, in seconds").fill("0");
        press(dialog, "Save and restart");
        dialog.locator("vaadin-integer-field[invalid]")
                .getByText("From 1 to 86400 seconds.")
                .waitFor();
        journey.keepPicture("configuration-refused");
        dialog.getByLabel("Interval, in seconds").fill("1");
        press(dialog, "Save and restart");
        ImageJourney.gone(dialog);
        page.locator(".head .badge.health").getByText("healthy").waitFor();
        page.getByText("Restart needed").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
        assertThat(containers.get("edited").path("restartNeeded").asBoolean()).isFalse();
    }

    @Test
    void anEmptiedFieldIsAsTheImageSaysAgain() {
        containers.image("wordy", TestImage.webServer().text("User", "web").text("WorkingDir", "/www"));
        containers.run(
                "own",
                "wordy",
                ",\"command\":[\"sleep\",\"1000\"],\"user\":\"root\",\"workingDirectory\":\"/tmp\","
                        + "\"stopSignal\":\"SIGKILL\",\"env\":{\"LANG\":\"C\"},\"hostname\":\"other\"");
        page.navigate("/instances/" + containers.id("own") + "/summary");
        journey.button("Edit configuration").click();
        Locator dialog = journey.dialog("Configuration of own");
        for (String label : List.of("Command", "User", "Working directory", "Stop signal", "Host name")) {
            field(dialog, label).fill("");
        }
        dialog.getByLabel("Environment").fill("");
        assertThat(field(dialog, "Command").getAttribute("placeholder")).isEqualTo("from the image: /serve");
        assertThat(field(dialog, "User").getAttribute("placeholder")).isEqualTo("from the image: web");
        assertThat(field(dialog, "Working directory").getAttribute("placeholder"))
                .isEqualTo("from the image: /www");
        assertThat(field(dialog, "Stop signal").getAttribute("placeholder")).isEqualTo("SIGTERM");
        journey.keepPictures("configuration-emptied");
        press(dialog, "Save");
        ImageJourney.gone(dialog);
        page.getByText("Restart needed: shut it down and start it again").waitFor();
        JsonNode process = containers.get("own").at("/spec/process");
        assertThat(process.path("args")).extracting(JsonNode::asText).containsExactly("/serve");
        assertThat(process.path("env")).extracting(JsonNode::asText).containsExactly("PATH=/bin");
        assertThat(process.path("user").asText()).isEqualTo("web");
        assertThat(process.path("workingDirectory").asText()).isEqualTo("/www");
        assertThat(process.has("stopSignal")).isFalse();
        assertThat(containers.get("own").path("spec").has("hostname")).isFalse();
        containers.delete("own");
    }

    private Locator configuration() {
        journey.button("Edit configuration").click();
        return journey.dialog("Configuration of edited");
    }

    private static Locator field(Locator dialog, String label) {
        return ImageJourney.field(dialog, label);
    }

    @Test
    void mountsOfAStoppedContainerAreChanged() {
        containers.run("moved", "web", ",\"mounts\":[{\"tmpfs\":1048576,\"target\":\"/scratch\"}]");
        containers.act("moved", "stop");
        page.navigate("/instances/" + containers.id("moved") + "/volumes");
        journey.button("Edit configuration").click();
        Locator dialog = journey.dialog("Configuration of moved");
        dialog.getByText("What is changed here holds from its next start.").waitFor();
        dialog.getByText("The volumes that were made for it stay: /data").waitFor();
        Locator memory = field(dialog, "File systems in memory");
        assertThat(memory.inputValue()).isEqualTo("/scratch:1");
        memory.fill("/scratch:2\n/more:512k");
        dialog.getByLabel("Volumes and directories").fill("nowhere:/srv");
        press(dialog, "Save");
        dialog.locator("vaadin-text-area[invalid]").getByText("nowhere").waitFor();
        dialog.getByLabel("Volumes and directories").fill("");
        press(dialog, "Save");
        ImageJourney.gone(dialog);
        page.getByText("/more", new Page.GetByTextOptions().setExact(true)).waitFor();
        assertThat(containers.get("moved").at("/spec/mounts/0/target").asText()).isEqualTo("/data");
        containers.act("moved", "start");
        assertThat(containers.said("moved", "df -k /more | tail -1")).contains("512");
    }

    @Test
    void itsChangesBecomeAnImage() {
        containers.said(NAME, "echo changed > /www/more.html");
        tab("summary");
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("More"))
                .click();
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Commit as image…"))
                .click();
        Locator dialog = journey.dialog("Commit as image");
        dialog.getByLabel("Name of the image").fill("web-2");
        press(dialog, "Commit");
        Await.until(PATIENCE, () -> "no image", () -> containers
                .api()
                .get("/api/v1/images/web-2")
                .body()
                .path("state")
                .asText()
                .equals("ready"));
        containers.run("second", "web-2", "");
        assertThat(containers.said("second", "cat /www/more.html")).isEqualTo("changed\n");
    }

    @Test
    void healthAndEndsAreSeenAndKindsFiltered() {
        containers.run("ender", "web", ",\"command\":[\"/bin/sh\",\"-c\",\"exit 3\"],\"entrypoint\":[]");
        tab("summary");
        page.locator(".head .badge.health").getByText("healthy").waitFor();
        journey.inventory();
        page.locator("vaadin-grid .badge.health.good").first().waitFor();
        page.locator("vaadin-grid").getByText("exit 3").waitFor();
        kind("VMs");
        page.getByText("No instance matches.").waitFor();
        kind("Containers");
        journey.showsState(NAME, "running", PATIENCE);
    }

    private void kind(String name) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(name)).click();
    }

    private static boolean open(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
