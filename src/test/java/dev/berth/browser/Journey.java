package dev.berth.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What a viewer does on Berth's pages, and sees there. */
final class Journey {
    private final Page page;

    Journey(Page page) {
        this.page = page;
    }

    Page page() {
        return page;
    }

    /** Makes the first admin, and ends in the inventory. */
    Journey setUp(String code, String name, String password) {
        page.navigate("/");
        entry("code").fill(code);
        entry("name").fill(name);
        entry("password").fill(password);
        page.locator("berth-login button").click();
        return inventoryShown();
    }

    Journey logIn(String name, String password) {
        page.navigate("/login");
        entry("name").fill(name);
        entry("password").fill(password);
        page.locator("berth-login button").click();
        return inventoryShown();
    }

    private Locator entry(String name) {
        return page.locator("berth-login input[name=" + name + "]");
    }

    private Journey inventoryShown() {
        page.locator("#new-instance").waitFor();
        return this;
    }

    Journey inventory() {
        page.navigate("/");
        return inventoryShown();
    }

    /** Makes an instance in the dialog, with the defaults for all but its name and image. */
    Journey create(String name, String image) {
        page.locator("#new-instance").click();
        Locator dialog = dialog("New instance");
        dialog.getByLabel("Name", new Locator.GetByLabelOptions().setExact(true))
                .fill(name);
        chooseImage(dialog, image + " · virtual machine");
        dialog.locator("#create").click();
        gone(dialog);
        return this;
    }

    /** Makes a container in the dialog, with one published port and the defaults for the rest. */
    Journey createContainer(String name, String image, String ports) {
        page.locator("#new-instance").click();
        Locator dialog = dialog("New instance");
        dialog.getByLabel("Name", new Locator.GetByLabelOptions().setExact(true))
                .fill(name);
        chooseImage(dialog, image + " · container");
        dialog.getByLabel("Published ports").fill(ports);
        dialog.locator("#create").click();
        gone(dialog);
        return this;
    }

    void chooseImage(Locator dialog, String option) {
        dialog.getByLabel("Image", new Locator.GetByLabelOptions().setExact(true))
                .click();
        page.getByRole(
                        AriaRole.OPTION,
                        new Page.GetByRoleOptions().setName(option).setExact(true))
                .click();
    }

    /** The open dialog with this title. */
    Locator dialog(String title) {
        // The element itself has no box, only its parts do: so it is never visible.
        Locator dialog = page.locator("vaadin-dialog[opened][aria-label='" + title + "']");
        dialog.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
        return dialog;
    }

    /** The state that the inventory shows, as soon as it is this one. */
    Journey showsState(String name, String state, Duration patience) {
        row(name)
                .getByText(state, new Locator.GetByTextOptions().setExact(true))
                .waitFor(new Locator.WaitForOptions().setTimeout(patience.toMillis()));
        return this;
    }

    /** The cells of an instance in the inventory, as one text holder. */
    private Locator row(String name) {
        // A grid's cells are slotted apart from its rows; the badge carries the instance's name for that reason.
        return page.locator("vaadin-grid-cell-content .badge[data-of='" + name + "']")
                .locator("..");
    }

    /** Opens an instance's page by its link in the inventory. */
    Journey openInstance(String name) {
        page.locator("vaadin-grid")
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(name).setExact(true))
                .click();
        page.getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .waitFor();
        return this;
    }

    /** Opens a tab, and waits until its contents have taken the place of those before. */
    Journey openTab(String label) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(label).setExact(true))
                .click();
        String end = "/" + label.toLowerCase(Locale.ROOT);
        page.waitForURL(url -> url.endsWith(end));
        return this;
    }

    Journey serialConnected() {
        return consoleSays("berth-terminal", "connected");
    }

    Journey displayConnected() {
        return consoleSays("berth-display", "connected");
    }

    /** Waits until a console's line says these words. */
    Journey consoleSays(String screen, String words) {
        return consoleSays(screen, words, Duration.ofSeconds(30));
    }

    Journey consoleSays(String screen, String words, Duration patience) {
        page.locator(".console:has(" + screen + ") .state")
                .filter(new Locator.FilterOptions().setHasText(words))
                .waitFor(new Locator.WaitForOptions().setTimeout(patience.toMillis()));
        return this;
    }

    /** What the open serial console shows. */
    String terminalText() {
        return (String) page.locator("berth-terminal").evaluate("terminal => terminal.text()");
    }

    Journey terminalShows(String text, Duration patience) {
        page.waitForFunction(
                "text => document.querySelector('berth-terminal').text().includes(text)",
                text,
                new Page.WaitForFunctionOptions().setTimeout(patience.toMillis()));
        return this;
    }

    /** Types with the keyboard into the open serial console. */
    Journey typeLine(String text) {
        page.locator("berth-terminal").click();
        page.keyboard().type(text);
        page.keyboard().press("Enter");
        return this;
    }

    /** A digest of what the open display shows; waits until there is a picture. */
    String picture() {
        page.waitForFunction("() => document.querySelector('berth-display').picture().length > 0");
        return (String) page.locator("berth-display").evaluate("display => display.picture()");
    }

    Journey pictureDiffersFrom(String other, Duration patience) {
        page.waitForFunction(
                "other => document.querySelector('berth-display').picture() !== other",
                other,
                new Page.WaitForFunctionOptions().setTimeout(patience.toMillis()));
        return this;
    }

    /** Types text on the open console through its dialog. */
    Journey paste(String text) {
        button("Paste as keystrokes").click();
        Locator dialog = dialog("Paste as keystrokes");
        dialog.getByLabel("Text to type").fill(text);
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Type it"))
                .click();
        gone(dialog);
        return this;
    }

    /** A button of the open page by its words. */
    Locator button(String words) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(words).setExact(true));
    }

    Journey stateOnPage(String state, Duration patience) {
        page.locator(".bar .badge")
                .getByText(state, new Locator.GetByTextOptions().setExact(true))
                .waitFor(new Locator.WaitForOptions().setTimeout(patience.toMillis()));
        return this;
    }

    /** Deletes the open instance by typing its name, and ends in the inventory. */
    Journey delete(String name) {
        button("Delete").click();
        Locator dialog = dialog("Delete " + name);
        Locator confirm = dialog.getByRole(
                AriaRole.BUTTON,
                new Locator.GetByRoleOptions().setName("Delete").setExact(true));
        if (confirm.isEnabled()) {
            throw new AssertionError("Deleting is possible before the name was typed.");
        }
        dialog.getByRole(AriaRole.TEXTBOX).fill(name);
        confirm.click();
        return inventoryShown();
    }

    Journey showsNo(String name, Duration patience) {
        // A grid keeps cells that it does not need for later, hidden.
        page.locator("vaadin-grid .badge[data-of='" + name + "']")
                .waitFor(new Locator.WaitForOptions()
                        .setState(WaitForSelectorState.HIDDEN)
                        .setTimeout(patience.toMillis()));
        return this;
    }

    private static void gone(Locator dialog) {
        dialog.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
    }

    /** Pictures in both themes and at two widths. */
    void keepPictures(String name) {
        for (String theme : List.of("dark", "")) {
            page.evaluate("theme => document.documentElement.setAttribute('theme', theme)", theme);
            for (int width : new int[] {800, 1280}) {
                page.setViewportSize(width, 800);
                page.waitForTimeout(300);
                keepPicture(name + (theme.isEmpty() ? "-light-" : "-dark-") + width);
            }
        }
    }

    /** Keeps a picture of the page under {@code target/browser}. */
    void keepPicture(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/browser", name + ".png")));
    }
}
