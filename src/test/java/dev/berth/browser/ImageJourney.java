package dev.berth.browser;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.berth.installation.Await;
import java.nio.file.Path;
import java.time.Duration;

/** What a viewer does with images and registries, and sees there. */
final class ImageJourney {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final Journey journey;
    private final Page page;

    ImageJourney(Journey journey) {
        this.journey = journey;
        this.page = journey.page();
    }

    /** Opens the dialog and begins; the dialog stays. */
    Locator pull(String reference, String name) {
        page.navigate("/images");
        journey.button("Pull image").click();
        Locator dialog = journey.dialog("Pull image");
        field(dialog, "Reference").fill(reference);
        named(dialog, name);
        button(dialog, "Pull").click();
        return dialog;
    }

    /** Names what is pulled, once the dialog has proposed something. */
    void named(Locator dialog, String name) {
        suggested(field(dialog, "Name")).fill(name);
    }

    /** A field as soon as it holds what the dialog proposes. */
    private static Locator suggested(Locator field) {
        Await.until(PATIENCE, () -> "nothing is suggested", () -> !field.inputValue()
                .isEmpty());
        return field;
    }

    /** Opens the dialog on the open page of an image and begins; the dialog stays. */
    Locator push(String name, String reference) {
        journey.button("Push").click();
        Locator dialog = journey.dialog("Push " + name);
        field(dialog, "To").fill(reference);
        button(dialog, "Push").click();
        return dialog;
    }

    /** Waits for a failure with these words, and takes the remedy that goes with it. */
    Locator remedy(Locator dialog, String words, String remedy, String form) {
        dialog.getByRole(AriaRole.ALERT)
                .getByText(words)
                .waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE.toMillis()));
        button(dialog, remedy).click();
        return journey.dialog(form);
    }

    void confirm(Locator dialog, String label) {
        button(dialog, label).click();
        gone(dialog);
    }

    static void gone(Locator dialog) {
        dialog.waitFor(new Locator.WaitForOptions()
                .setState(WaitForSelectorState.DETACHED)
                .setTimeout(PATIENCE.toMillis()));
    }

    static Locator button(Locator in, String label) {
        return in.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(label).setExact(true));
    }

    static Locator field(Locator in, String label) {
        return in.getByLabel(label, new Locator.GetByLabelOptions().setExact(true));
    }

    /** Opens an image's page from the list. */
    ImageJourney open(String name) {
        page.navigate("/images");
        page.locator("vaadin-grid")
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(name).setExact(true))
                .click(new Locator.ClickOptions().setTimeout(PATIENCE.toMillis()));
        page.getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .waitFor();
        return this;
    }

    /** What the open page says of an image under this heading. */
    String fact(String name) {
        Locator term = page.locator(".facts dt").getByText(name, new Locator.GetByTextOptions().setExact(true));
        term.first().waitFor();
        return page.locator(".facts dt:text-is('" + name + "') + dd").first().innerText();
    }

    ImageJourney factBecomes(String name, String text) {
        page.locator(".facts dt:text-is('" + name + "') + dd")
                .getByText(text, new Locator.GetByTextOptions().setExact(true))
                .first()
                .waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE.toMillis()));
        return this;
    }

    /** Downloads the open image as an archive of this form. */
    Path export(String name, String form, Path directory) {
        journey.button("Export").click();
        Locator dialog = journey.dialog("Export " + name);
        Download download = page.waitForDownload(() -> dialog.getByText(form).click());
        Path file = directory.resolve(download.suggestedFilename());
        download.saveAs(file);
        confirm(dialog, "Close");
        return file;
    }

    /** Uploads a file as an image, and waits until it is ready. */
    ImageJourney upload(Path file, String name) {
        page.navigate("/images");
        journey.button("Import image").click();
        Locator dialog = journey.dialog("Import image");
        dialog.getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setName("Upload"))
                .click();
        field(dialog.getByRole(AriaRole.TABPANEL), "Name").last().fill(name);
        dialog.locator("input[type=file]").setInputFiles(file);
        gone(dialog);
        return open(name).ready();
    }

    ImageJourney ready() {
        page.locator(".bar.head .badge.good").waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE.toMillis()));
        return this;
    }

    /** Deletes the open image by typing its name. */
    void delete(String name) {
        journey.button("Delete").click();
        Locator dialog = journey.dialog("Delete image");
        dialog.getByRole(AriaRole.TEXTBOX).fill(name);
        confirm(dialog, "Delete");
        page.waitForURL(url -> url.endsWith("/images"));
    }
}
