package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.berth.installation.Api;
import dev.berth.installation.Installation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goes through every view in both themes and at two widths: nothing is missing or fails, nothing is wider than the page, and
 * every disabled button says why. Its pictures stay under {@code target/browser}, to be looked at.
 */
@Tag("browser")
class EveryViewTest {
    private static final List<String> TABS =
            List.of("summary", "console", "display", "ports", "hardware", "snapshots", "operations", "log");
    private static final List<String> CONTAINER_TABS = List.of(
            "summary",
            "console",
            "attach",
            "files",
            "processes",
            "volumes",
            "ports",
            "limits",
            "snapshots",
            "operations",
            "log");
    private static final String TOO_WIDE = """
            () => [...document.querySelectorAll('.view, .bar, .card, vaadin-dialog, .frame')]
                .filter(e => e.scrollWidth > e.clientWidth + 1)
                .map(e => e.tagName + '.' + e.className + ' ' + e.scrollWidth + '>' + e.clientWidth)
                .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])
            """;
    private static final String SILENT_BUTTONS = """
            () => [...document.querySelectorAll('vaadin-button[disabled]')]
                .filter(b => !b.querySelector('vaadin-tooltip')?.text)
                .concat([...document.querySelectorAll('button.tool[disabled]')].filter(b => !b.title.includes(':')))
                .map(b => b.textContent.trim() + '/' + b.getAttribute('aria-label'))
            """;
    private final List<String> faults = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void allViewsAreWhole() {
        try (Installation installation = Installation.fake(directory);
                Chromium chromium = Chromium.launch()) {
            installation.start();
            Page page = chromium.open(installation.url());
            watch(page);
            page.navigate("/");
            page.locator("berth-login input[name=code]").waitFor();
            look(page, "set-up");
            new Journey(page).setUp(installation.setupCode(), "ada", "correct horse battery");
            look(page, "inventory-empty");
            fill(installation.api());
            views(page, id(installation.api(), "web1"), id(installation.api(), "shop"));
            dialogs(page);
            containerDialogs(page, id(installation.api(), "shop"));
            page.context().clearCookies();
            page.navigate("/login");
            page.locator("berth-login").waitFor();
            look(page, "login");
        }
        assertThat(faults).isEmpty();
    }

    private static String id(Api api, String name) {
        return api.get("/api/v1/projects/default/instances/" + name)
                .ok()
                .path("id")
                .asText();
    }

    private void watch(Page page) {
        page.onResponse(response -> {
            if (response.status() >= 400) {
                faults.add(response.url() + " gave " + response.status());
            }
        });
        page.onPageError(error -> faults.add("script: " + error));
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                faults.add("console: " + message.text());
            }
        });
    }

    private static void fill(Api api) {
        api.post("/api/v1/images?wait=20s", "{\"name\":\"tiny\",\"recipe\":\"tiny\"}")
                .ok();
        api.post("/api/v1/images?wait=20s", "{\"name\":\"web\",\"reference\":\"registry.example:5000/nginx:1\"}")
                .ok();
        containers(api);
        String[] names = {"web1", "web2", "db1", "build-runner-with-a-rather-long-name", "cache1"};
        for (String name : names) {
            api.post(
                            "/api/v1/projects/default/instances?wait=20s",
                            "{\"name\":\"" + name + "\",\"kind\":\"vm\",\"image\":\"tiny\",\"start\":"
                                    + !name.equals("cache1") + "}")
                    .ok();
        }
        api.post(
                        "/api/v1/projects/default/instances/web1/snapshots?wait=20s",
                        "{\"name\":\"before-upgrade\",\"withMemory\":false}")
                .ok();
        api.post(
                        "/api/v1/images?wait=20s",
                        "{\"name\":\"other\",\"reference\":\"registry.example:5000/team/with-volume:2.0\"}")
                .ok();
        api.post(
                        "/api/v1/registries",
                        "{\"host\":\"registry.example:5000\",\"username\":\"ci\",\"password\":\"secret\",\"plainHttp\":true}")
                .ok();
        api.post("/api/v1/tokens", "{\"name\":\"ci\",\"role\":\"operator\"}").ok();
    }

    private static void containers(Api api) {
        for (String volume : List.of("uploads", "nobodys-volume-with-a-long-name")) {
            api.post("/api/v1/projects/default/volumes?wait=20s", "{\"name\":\"" + volume + "\"}")
                    .ok();
        }
        String shop = """
                {"name": "shop", "image": "web", "start": true, "health": {"command": ["true"], "interval": 1},
                 "env": {"SHOP_LANGUAGE": "de", "SHOP_GREETING": "guten Tag"}, "extraHosts": {"db.example": "10.0.0.5"},
                 "publish": [{"host": 8080, "instance": 80}, {"host": 8443, "instance": 443},
                             {"host": 5353, "instance": 53, "protocol": "udp", "address": "127.0.0.1"}],
                 "mounts": [{"volume": "uploads", "target": "/srv/uploads"}, {"tmpfs": 1048576, "target": "/scratch"}],
                 "restart": {"policy": "on-failure", "maxRetries": 5}}
                """;
        String job = """
                {"name": "nightly-job", "image": "web", "start": true, "entrypoint": ["sh"], "command": ["-c", "exit 3"]}
                """;
        for (String request : List.of(shop, job)) {
            api.post("/api/v1/projects/default/instances?wait=20s", request).ok();
        }
    }

    private void views(Page page, String id, String container) {
        visit(page, "/", "inventory", "vaadin-grid .badge");
        for (String tab : TABS) {
            visit(page, "/instances/" + id + "/" + tab, "instance-" + tab, ".bar .badge");
        }
        for (String tab : CONTAINER_TABS) {
            visit(page, "/instances/" + container + "/" + tab, "container-" + tab, ".bar .badge");
        }
        visit(page, "/images", "images", "vaadin-grid .badge");
        visit(page, "/images/web", "image-container", ".part vaadin-grid");
        visit(page, "/images/tiny", "image-disk", ".card");
        visit(page, "/registries", "registries", "vaadin-grid .badge");
        visit(page, "/volumes", "volumes", "vaadin-grid .badge");
        visit(page, "/nodes", "nodes", ".card");
        visit(page, "/operations", "operations", "vaadin-grid .badge");
        visit(page, "/access", "access", "vaadin-grid vaadin-button");
    }

    private void visit(Page page, String path, String name, String sign) {
        page.navigate(path);
        page.locator(sign).first().waitFor();
        look(page, name);
    }

    private void dialogs(Page page) {
        Journey journey = new Journey(page);
        journey.inventory().button("New instance").click();
        Locator dialog = journey.dialog("New instance");
        look(page, "create");
        dialog.getByText("Advanced").click();
        look(page, "create-advanced");
        page.navigate("/");
        journey.inventory().button("New instance").click();
        journey.chooseImage(journey.dialog("New instance"), "web · container");
        look(page, "create-container");
        journey.dialog("New instance").getByText("Advanced").click();
        journey.dialog("New instance").getByLabel("Protect from deletion").scrollIntoViewIfNeeded();
        look(page, "create-container-advanced");
        imageDialogs(page, journey);
        page.navigate("/images");
        journey.button("Import image").click();
        journey.dialog("Import image");
        look(page, "import-catalogue");
        for (String tab : List.of("URL", "Upload")) {
            page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(tab))
                    .click();
            look(page, "import-" + tab.toLowerCase(java.util.Locale.ROOT));
        }
        page.navigate("/access");
        journey.button("New token").click();
        journey.dialog("New token");
        look(page, "new-token");
    }

    private void imageDialogs(Page page, Journey journey) {
        page.navigate("/images");
        journey.button("Pull image").click();
        journey.dialog("Pull image").getByLabel("Reference").fill("registry.example:5000/web/nginx:1.27");
        look(page, "pull");
        page.navigate("/images");
        journey.button("Clean up").click();
        journey.dialog("Clean up layers").getByText("Nothing to free").first().waitFor();
        look(page, "clean-up");
        page.navigate("/images/web");
        journey.button("Export").click();
        journey.dialog("Export web");
        look(page, "export");
        page.navigate("/images/web");
        journey.button("Push").click();
        journey.dialog("Push web");
        look(page, "push");
        page.navigate("/registries");
        journey.button("Edit").first().click();
        journey.dialog("Registry");
        look(page, "registry");
    }

    private void containerDialogs(Page page, String id) {
        Journey journey = new Journey(page);
        page.navigate("/volumes");
        journey.button("New volume").click();
        journey.dialog("New volume");
        look(page, "new-volume");
        page.navigate("/instances/" + id + "/summary");
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("More"))
                .click();
        look(page, "container-menu");
        // It closes, or not, when the window changes its size.
        page.navigate("/instances/" + id + "/summary");
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("More"))
                .click();
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Commit as image…"))
                .click();
        journey.dialog("Commit as image");
        look(page, "commit");
        page.navigate("/instances/" + id + "/summary");
        journey.button("Edit configuration").click();
        journey.dialog("Configuration of shop");
        look(page, "configuration");
        journey.dialog("Configuration of shop")
                .getByLabel("Capabilities to add")
                .scrollIntoViewIfNeeded();
        look(page, "configuration-end");
        page.navigate("/instances/" + id + "/files");
        page.waitForFileChooser(() -> journey.button("Upload").click())
                .setFiles(new FilePayload("notes.txt", "text/plain", "some notes\n".getBytes(StandardCharsets.UTF_8)));
        page.locator("berth-files li.done").waitFor();
        page.waitForFileChooser(() -> journey.button("Upload").click())
                .setFiles(new FilePayload("notes.txt", "text/plain", "more notes\n".getBytes(StandardCharsets.UTF_8)));
        page.locator("berth-files li.there").waitFor();
        look(page, "files-replace");
    }

    /** Looks at a view in both themes and at both widths, but not at each theme in each width. */
    private void look(Page page, String view) {
        look(page, view, "light", 1280);
        look(page, view, "dark", 800);
    }

    private void look(Page page, String view, String theme, int width) {
        page.evaluate("theme => document.documentElement.setAttribute('theme', theme === 'dark' ? 'dark' : '')", theme);
        page.setViewportSize(width, 800);
        page.waitForTimeout(400);
        new Journey(page).keepPicture(view + "-" + theme + "-" + width);
        check(page, view + " at " + width);
    }

    @SuppressWarnings("unchecked") // a script's list of strings
    private void check(Page page, String where) {
        ((List<String>) page.evaluate(TOO_WIDE)).forEach(fault -> faults.add(where + ": too wide: " + fault));
        ((List<String>) page.evaluate(SILENT_BUTTONS)).forEach(fault -> faults.add(where + ": no reason: " + fault));
    }
}
