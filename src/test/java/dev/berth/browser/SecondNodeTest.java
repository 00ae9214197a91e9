package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.berth.installation.Api;
import dev.berth.installation.Await;
import dev.berth.installation.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pages show of a node on another host, and what they let choose as soon as there are two. */
@Tag("browser")
class SecondNodeTest {
    @TempDir
    Path directory;

    @Test
    void portsAreReachedAtTheirNodeAndImagesGoToTheOneThatIsChosen() {
        try (Installation installation = Installation.fake(directory);
                Chromium chromium = Chromium.launch()) {
            installation.start();
            Page page = chromium.open(installation.url());
            Journey journey = new Journey(page).setUp(installation.setupCode(), "ada", "correct horse battery");
            Api api = installation.api();
            String shop = shop(api);
            whileThereIsOne(page, journey, shop);
            // This controller connects to one node; another one looks as if another controller had just seen it.
            Fleet.write(
                    directory,
                    "update node set link = 'tcp:node7.example:7443'",
                    "insert into node (id, name, link, connected, last_seen, created_at)"
                            + " values (gen_random_uuid(), 'attic', 'tcp:[fd00::7]:7443', true, now() + interval '1 day', now())",
                    "insert into node (id, name, link, facts, created_at) select gen_random_uuid(), 'cellar',"
                            + " 'tcp:[fd00::8]:7443', jsonb_set(facts, '{drivers}', (select jsonb_agg(driver)"
                            + " from jsonb_array_elements(facts -> 'drivers') driver"
                            + " where not driver #> '{capabilities,kinds}' @> '[\"container\"]')), now()"
                            + " from node where name = 'local'");
            portsLeadToIt(page, shop);
            pull(page, journey, "attic", "chosen");
            pull(page, journey, "local", "usual");
            assertThat(nodeOf(api, "chosen")).isEqualTo("attic");
            assertThat(nodeOf(api, "usual")).isEqualTo("local");
            upload(page, journey);
            Fleet.write(directory, "update node set last_seen = now() - interval '1 day' where name = 'attic'");
            Await.until(
                    Duration.ofSeconds(30),
                    () -> "attic is not missed",
                    () -> !api.get("/api/v1/nodes/attic").ok().path("connected").asBoolean());
            create(page, journey, api);
            Fleet.write(directory, "delete from node where name = 'cellar'");
            forget(page, journey, api);
        }
    }

    private static String shop(Api api) {
        api.post("/api/v1/images?wait=20s", "{\"name\":\"web\",\"reference\":\"registry.example:5000/nginx:1\"}")
                .ok();
        api.post(
                        "/api/v1/projects/default/instances?wait=20s",
                        "{\"name\":\"shop\",\"image\":\"web\",\"publish\":[{\"host\":8080,\"instance\":80},"
                                + "{\"host\":8443,\"instance\":443,\"address\":\"10.1.2.3\"}]}")
                .ok();
        return "/instances/"
                + api.get("/api/v1/projects/default/instances/shop")
                        .ok()
                        .path("id")
                        .asText();
    }

    private static void whileThereIsOne(Page page, Journey journey, String shop) {
        page.navigate(shop + "/ports");
        page.getByText("http://127.0.0.1:8080").waitFor();
        page.navigate("/images");
        journey.button("Pull image").click();
        Locator dialog = journey.dialog("Pull image");
        dialog.getByLabel("Platform").waitFor();
        assertThat(dialog.getByLabel("Node", new Locator.GetByLabelOptions().setExact(true))
                        .count())
                .isZero();
    }

    private static void portsLeadToIt(Page page, String shop) {
        for (String tab : new String[] {"/ports", "/summary"}) {
            page.navigate(shop + tab);
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("http://node7.example:8080"))
                    .waitFor();
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("https://10.1.2.3:8443"))
                    .waitFor();
        }
        new Journey(page).keepPicture("second-node-summary");
    }

    private static void pull(Page page, Journey journey, String node, String name) {
        page.navigate("/images");
        journey.button("Pull image").click();
        Locator dialog = journey.dialog("Pull image");
        node(dialog).getByText("local").waitFor();
        ImageJourney.field(dialog, "Reference").fill("registry.example:5000/web:1");
        new ImageJourney(journey).named(dialog, name);
        if (!node.equals("local")) {
            choose(page, dialog, node);
        }
        journey.keepPicture("second-node-pull-" + name);
        ImageJourney.button(dialog, "Pull").click();
        page.locator("vaadin-grid").getByText(name).waitFor();
    }

    /** Nobody sees it any longer, and it goes with the image that never came. */
    private static void forget(Page page, Journey journey, Api api) {
        page.navigate("/nodes");
        Locator missed = page.locator(".card").getByText("No controller has a link to it");
        missed.waitFor();
        page.getByText("Node attic is away").waitFor();
        journey.keepPicture("second-node-forget");
        journey.button("Forget node").click();
        Locator dialog = journey.dialog("Forget node");
        dialog.getByLabel("Type attic to confirm").fill("attic");
        ImageJourney.button(dialog, "Delete").click();
        for (Locator told : List.of(missed, page.getByText("Node attic is away"))) {
            told.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
        }
        assertThat(api.get("/api/v1/nodes/attic").status()).isEqualTo(404);
        assertThat(api.get("/api/v1/images/chosen").status()).isEqualTo(404);
        assertThat(api.get("/api/v1/images/usual").status()).isEqualTo(200);
    }

    /** The other node has no store that anything could be sent to; that it was asked is what counts. */
    private static void upload(Page page, Journey journey) {
        page.navigate("/images");
        journey.button("Import image").click();
        Locator dialog = journey.dialog("Import image");
        node(dialog).getByText("local").waitFor();
        dialog.getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setName("Upload"))
                .click();
        choose(page, dialog, "attic");
        journey.keepPicture("second-node-import");
        dialog.locator("input[type=file]")
                .setInputFiles(new FilePayload("disk.img", "application/octet-stream", new byte[1024]));
        dialog.locator("berth-upload .problem")
                .getByText("no link to the node 'attic'")
                .waitFor();
    }

    /** Where an instance goes can be left to Berth; a node that cannot take it says why. */
    private static void create(Page page, Journey journey, Api api) {
        journey.inventory();
        page.locator("#new-instance").click();
        Locator dialog = journey.dialog("New instance");
        node(dialog).getByText("Automatic").waitFor();
        Locator image = dialog.locator("vaadin-combo-box:has(label:text-is('Image')) input");
        take(image, "web");
        dialog.getByText("Where the image is: local").waitFor();
        journey.keepPictures("second-node-create");
        node(dialog).click();
        impossible(page, "attic (away, has not got the image)");
        impossible(page, "cellar (away, has not got the image, runs no containers)");
        journey.keepPicture("second-node-create-choice");
        page.keyboard().press("Escape");
        choose(page, dialog, "local");
        ImageJourney.field(dialog, "Name").fill("placed");
        take(image, "registry.example:5000/other:1");
        node(dialog).click();
        impossible(page, "cellar (away, runs no containers)");
        page.keyboard().press("Escape");
        choose(page, dialog, "attic (away)");
        dialog.getByText("It does not answer now").waitFor();
        dialog.getByText("As API request").click();
        dialog.locator("pre").getByText("\"node\" : \"attic\"").waitFor();
        take(image, "web");
        node(dialog).getByText("Automatic").waitFor();
        choose(page, dialog, "local");
        dialog.locator("#create").click();
        ImageJourney.gone(dialog);
        Await.until(
                Duration.ofSeconds(30),
                () -> "it is not made",
                () -> api.get("/api/v1/projects/default/instances/placed").status() == 200);
        assertThat(api.get("/api/v1/projects/default/instances/placed")
                        .ok()
                        .path("nodeName")
                        .asText())
                .isEqualTo("local");
    }

    private static void take(Locator image, String text) {
        image.fill(text);
        image.press("Enter");
    }

    private static void impossible(Page page, String node) {
        Locator option = page.getByRole(
                AriaRole.OPTION, new Page.GetByRoleOptions().setName(node).setExact(true));
        option.waitFor();
        assertThat(option.isDisabled()).as(node).isTrue();
    }

    /** The button that shows which node is chosen; of what it hides there are copies. */
    private static Locator node(Locator dialog) {
        return dialog.locator("vaadin-select:has(label:text-is('Node')) vaadin-select-value-button");
    }

    private static void choose(Page page, Locator dialog, String name) {
        node(dialog).click();
        Locator option = page.getByRole(
                AriaRole.OPTION, new Page.GetByRoleOptions().setName(name).setExact(true));
        option.click();
        node(dialog).getByText(name).waitFor();
    }

    private static String nodeOf(Api api, String image) {
        String node = api.get("/api/v1/images/" + image).ok().path("node").asText();
        return api.get("/api/v1/nodes/" + node).ok().path("name").asText();
    }
}
