package dev.berth.image.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.tabs.TabSheet;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.berth.driver.ImageSource;
import dev.berth.image.Catalogue;
import dev.berth.image.ImageSources;
import dev.berth.image.Images;
import dev.berth.image.Uploads;
import dev.berth.kernel.ResourceName;
import dev.berth.node.Nodes;
import dev.berth.ui.NodeField;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Imports an image from the catalogue, a URL or a file of the viewer's machine. */
class ImportDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final transient Images images;
    private final transient ImageSources sources;
    private final transient Uploads uploads;
    private final NodeField node;
    private @Nullable UUID uploaded;

    ImportDialog(Images images, ImageSources sources, Catalogue catalogue, Uploads uploads, Nodes nodes) {
        this.images = images;
        this.sources = sources;
        this.uploads = uploads;
        this.node = new NodeField(nodes);
        addOpenedChangeListener(change -> {
            if (!change.isOpened()) {
                forget();
            }
        });
        setHeaderTitle("Import image");
        setWidth("560px");
        TabSheet tabs = new TabSheet();
        tabs.setWidthFull();
        tabs.add("Catalogue", catalogue(catalogue));
        tabs.add("URL", url());
        tabs.add("Upload", upload());
        // Above the tabs: an upload begins as soon as a file is chosen.
        add(node, tabs);
        getFooter().add(new Button("Close", click -> close()));
    }

    private Component catalogue(Catalogue catalogue) {
        Select<Catalogue.Entry> entries = new Select<>();
        entries.setLabel("Image");
        entries.setItems(catalogue.entries());
        entries.setItemLabelGenerator(Catalogue.Entry::title);
        entries.setValue(catalogue.entries().getFirst());
        entries.setWidthFull();
        return column(entries, primary("Import", () -> {
            Catalogue.Entry entry = entries.getValue();
            submit(entry.name(), sources.entry(entry), "");
        }));
    }

    private Component url() {
        TextField name = wide("Name");
        TextField address = wide("URL of a disk or of a container image's archive; may be compressed");
        TextField digest = wide("SHA-256 (optional)");
        return column(
                name,
                address,
                digest,
                primary("Import", () -> submit(name.getValue(), sources.url(address.getValue()), digest.getValue())));
    }

    private Component upload() {
        TextField name = wide("Name");
        name.setHelperText("Left out: after the file");
        name.setValueChangeMode(ValueChangeMode.EAGER);
        UploadField field = new UploadField();
        Button again = primary("Import", () -> bringIn(name));
        again.setVisible(false);
        field.getElement()
                .addEventListener("uploaded", event -> {
                    uploaded = UUID.fromString(
                            event.getEventData().get("event.detail.id").asString());
                    if (name.getValue().isBlank()) {
                        name.setValue(ImageNames.ofFile(
                                event.getEventData().get("event.detail.name").asString()));
                    }
                    // Whatever is wrong with the name is put right without another upload.
                    again.setVisible(true);
                    Notices.attempt(() -> bringIn(name));
                })
                .addEventData("event.detail.id")
                .addEventData("event.detail.name");
        Paragraph what =
                new Paragraph("A disk (qcow2, raw, ISO), or a container image as a tar: an OCI layout, what docker"
                        + " save writes, or just a root file system. Each may be compressed. The import begins when the file has"
                        + " arrived.");
        what.addClassName("quiet");
        field.goTo(node.chosen());
        node.setWidthFull();
        node.addValueChangeListener(change -> field.goTo(node.chosen()));
        return column(name, what, field, again);
    }

    private void bringIn(TextField name) {
        ImageSource source = new ImageSource.Upload(Objects.requireNonNull(uploaded));
        // It is where it was sent to, whatever was chosen since.
        begin(name.getValue().strip(), source, "", null);
        uploaded = null;
        close();
    }

    /** An upload that became no image is of no use to anybody. */
    private void forget() {
        UUID left = uploaded;
        uploaded = null;
        if (left != null) {
            Notices.attempt(() -> uploads.drop(left, Viewer.current().caller()));
        }
    }

    private void submit(String name, ImageSource source, String digest) {
        begin(name, source, digest, node.chosen());
        close();
    }

    private void begin(String name, ImageSource source, String digest, @Nullable String where) {
        images.importImage(
                new ResourceName(name),
                source,
                digest.isBlank() ? null : digest.strip(),
                where,
                Viewer.current().caller());
        Notices.info("Importing " + name + "; its progress shows in the list.");
    }

    private static TextField wide(String label) {
        TextField field = new TextField(label);
        field.setWidthFull();
        return field;
    }

    private static Button primary(String label, Runnable action) {
        Button button = new Button(label, click -> Notices.attempt(action));
        button.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        return button;
    }

    private static Div column(Component... parts) {
        Div column = new Div(parts);
        column.addClassName("fields");
        return column;
    }

    /** Sends a file through the REST API. */
    @Tag("berth-upload")
    @JsModule("./berth-upload.ts")
    static final class UploadField extends Component {
        private static final long serialVersionUID = 1L;

        /** Says which node the next file goes to; null for any. */
        void goTo(@Nullable String node) {
            getElement().setProperty("node", node);
        }
    }
}
