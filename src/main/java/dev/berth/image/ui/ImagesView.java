package dev.berth.image.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.access.Roles;
import dev.berth.driver.Progress;
import dev.berth.image.Catalogue;
import dev.berth.image.Image;
import dev.berth.image.ImageSources;
import dev.berth.image.Images;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.ui.Actions;
import dev.berth.ui.Badge;
import dev.berth.ui.ConfirmByName;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.Meter;
import dev.berth.ui.Viewer;
import java.util.Optional;
import java.util.UUID;

/** Images: what there is, and imports with their progress. */
@Route(value = "images", layout = MainLayout.class)
@PageTitle("Images · Berth")
class ImagesView extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Images images;
    private final transient Operations operations;
    private final transient Catalogue catalogue;
    private final transient ImageSources sources;
    private final Grid<Image> grid = new Grid<>();

    ImagesView(Images images, Operations operations, Catalogue catalogue, ImageSources sources, LiveUpdates live) {
        this.images = images;
        this.operations = operations;
        this.catalogue = catalogue;
        this.sources = sources;
        addClassName("view");
        H2 heading = new H2("Images");
        heading.addClassName("grow");
        Button importing = Actions.text(VaadinIcon.PLUS, "Import image", whyNot(), this::open);
        importing.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        importing.setId("import-image");
        Div bar = new Div(heading, importing);
        bar.addClassName("bar");
        columns();
        grid.setSizeFull();
        grid.setEmptyStateText(
                "No images yet. Import one: the catalogue's 'tiny' and 'debian-12' are built right here, without a download.");
        add(bar, grid);
        refresh();
        live.follow(
                this,
                event -> event.type().startsWith("image.") || event.type().startsWith("operation."),
                false,
                this::refresh);
    }

    private static String whyNot() {
        return Viewer.may(Roles.OPERATOR) ? "" : "needs the role operator";
    }

    private void open() {
        new ImportDialog(images, sources, catalogue).open();
    }

    private void columns() {
        grid.addColumn(Image::name).setHeader("Name").setAutoWidth(true);
        grid.addComponentColumn(this::state).setHeader("State").setFlexGrow(2);
        grid.addColumn(image -> image.format() == null ? "" : Formats.word(image.format()))
                .setHeader("Format");
        grid.addColumn(image -> Formats.size(image.fileSize())).setHeader("File");
        grid.addColumn(image -> Formats.size(image.virtualSize())).setHeader("Disk");
        grid.addColumn(Image::source).setHeader("Source").setFlexGrow(2);
        grid.addComponentColumn(this::actions).setAutoWidth(true).setFlexGrow(0);
    }

    private Component state(Image image) {
        UUID importing = image.operation();
        Optional<OperationView> operation = importing == null ? Optional.empty() : operations.find(importing);
        Progress progress = operation.map(OperationView::progress).orElse(null);
        if (progress == null) {
            return new Badge(
                    Formats.word(image.state()),
                    image.state() == Image.State.READY ? Badge.Tone.GOOD : Badge.Tone.BUSY);
        }
        Integer percent = progress.percent();
        return new Meter(
                percent == null ? 0 : percent / 100.0,
                progress.stage() + (percent == null ? "" : " " + percent + " %"));
    }

    private Component actions(Image image) {
        String whyNot = whyNot();
        if (whyNot.isEmpty() && image.state() != Image.State.READY) {
            whyNot = "the image is not ready";
        }
        Anchor download = new Anchor("/api/v1/images/" + image.id() + "/content", VaadinIcon.DOWNLOAD.create());
        download.addClassName("icon");
        download.getElement().setAttribute("download", true).setAttribute("router-ignore", true);
        download.getElement().setAttribute("title", "Download");
        download.setVisible(image.state() == Image.State.READY && Viewer.may(Roles.OPERATOR));
        return new Span(download, Actions.icon(VaadinIcon.TRASH, "Delete", whyNot, () -> delete(image)));
    }

    private void delete(Image image) {
        new ConfirmByName(
                        "Delete image",
                        "The image is removed from the node. Instances that use it prevent that.",
                        image.name(),
                        () -> images.delete(image, Viewer.current().caller()))
                .open();
    }

    private void refresh() {
        grid.setItems(images.list());
    }
}
