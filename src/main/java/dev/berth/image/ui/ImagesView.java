package dev.berth.image.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.ColumnTextAlign;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.Icon;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import dev.berth.ui.Actions;
import dev.berth.ui.Badge;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.PageWidth;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Images of both kinds side by side: what there is, and imports and pulls with their progress. */
@Route(value = "images", layout = MainLayout.class)
@PageTitle("Images · Berth")
class ImagesView extends Div {
    private static final long serialVersionUID = 1L;
    private static final int ROOMY = 1100;
    private final transient Images images;
    private final transient Operations operations;
    private final transient ImageVerbs verbs;
    private final Grid<Image> grid = new Grid<>();

    ImagesView(Images images, Operations operations, ImageVerbs verbs, LiveUpdates live) {
        this.images = images;
        this.operations = operations;
        this.verbs = verbs;
        addClassName("view");
        columns();
        grid.setSizeFull();
        grid.setEmptyStateText("No images yet. Pull one from a registry, or import one: the catalogue's 'tiny',"
                + " 'debian-12' and 'busybox' are built right here, without a download.");
        add(bar(), grid);
        PageWidth.follow(this, this::fit);
        refresh();
        live.follow(
                this,
                event -> event.type().startsWith("image.") || event.type().startsWith("operation."),
                false,
                this::refresh);
    }

    private Div bar() {
        H2 heading = new H2("Images");
        heading.addClassName("grow");
        Button pull = Actions.text(VaadinIcon.CLOUD_DOWNLOAD_O, "Pull image", verbs.whyNotImport(), verbs::pull);
        pull.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        pull.setId("pull-image");
        Button importing = Actions.text(VaadinIcon.PLUS, "Import image", verbs.whyNotImport(), verbs::importImage);
        importing.setId("import-image");
        Button cleaning = Actions.text(VaadinIcon.ERASER, "Clean up", verbs.whyNotCleanUp(), verbs::cleanUp);
        cleaning.setId("clean-up");
        Div bar = new Div(heading, cleaning, importing, pull);
        bar.addClassName("bar");
        return bar;
    }

    private void columns() {
        grid.addComponentColumn(ImagesView::name)
                .setHeader("Name")
                .setFlexGrow(3)
                .setWidth("150px");
        grid.addComponentColumn(this::state).setHeader("State").setFlexGrow(2).setWidth("120px");
        grid.addColumn(image -> image.format() == null ? "" : Formats.word(image.format()))
                .setHeader("Format")
                .setWidth("90px")
                .setFlexGrow(0);
        size(grid.addColumn(image -> Formats.size(image.fileSize())), "File");
        size(grid.addColumn(image -> Formats.size(image.virtualSize())), "Unpacked");
        grid.addColumn(image -> image.oci() == null ? "" : image.oci().layers().size())
                .setHeader("Layers")
                .setKey("layers")
                .setTextAlign(ColumnTextAlign.END)
                .setWidth("85px")
                .setFlexGrow(0);
        grid.addComponentColumn(ImagesView::source)
                .setHeader("Source")
                .setKey("source")
                .setWidth("150px")
                .setFlexGrow(4);
        grid.addComponentColumn(this::actions)
                .setWidth("110px")
                .setFlexGrow(0)
                .setTextAlign(ColumnTextAlign.END)
                .setFrozenToEnd(true);
    }

    private static void size(Grid.Column<Image> column, String header) {
        column.setHeader(header).setWidth("118px").setFlexGrow(0).setTextAlign(ColumnTextAlign.END);
    }

    private static Component name(Image image) {
        boolean unknown = image.format() == null;
        Icon kind = (unknown ? VaadinIcon.HOURGLASS : ImageVerbs.isOci(image) ? VaadinIcon.PACKAGE : VaadinIcon.DESKTOP)
                .create();
        kind.addClassName("kind");
        kind.setTooltipText(
                unknown ? "not here yet" : ImageVerbs.isOci(image) ? "for containers" : "for virtual machines");
        Span cell = new Span(kind, new Span(" "), new Anchor("images/" + image.id(), image.name()));
        cell.setTitle(image.name());
        return cell;
    }

    private static Component source(Image image) {
        Span source = new Span(image.source());
        source.setTitle(image.source());
        return source;
    }

    private Component state(Image image) {
        UUID importing = image.operation();
        Optional<OperationView> operation = importing == null ? Optional.empty() : operations.find(importing);
        return operation.isPresent() && operation.get().progress() != null ? new Work(operation.get()) : badge(image);
    }

    static Badge badge(Image image) {
        return new Badge(
                Formats.word(image.state()), image.state() == Image.State.READY ? Badge.Tone.GOOD : Badge.Tone.BUSY);
    }

    private Component actions(Image image) {
        UUID importing = image.operation();
        if (importing != null) {
            return Actions.icon(
                    VaadinIcon.CLOSE_CIRCLE_O, "Cancel", verbs.whyNotImport(), () -> verbs.cancelImport(importing));
        }
        String whyNot = verbs.whyNotUse(image);
        Component out = ImageVerbs.isOci(image)
                ? Actions.icon(VaadinIcon.DOWNLOAD, "Export", whyNot, () -> new ExportDialog(image).open())
                : download(image, whyNot.isEmpty());
        return new Span(out, Actions.icon(VaadinIcon.TRASH, "Delete", whyNot, () -> verbs.delete(image)));
    }

    static Anchor download(Image image, boolean possible) {
        Anchor download = new Anchor("/api/v1/images/" + image.id() + "/content", VaadinIcon.DOWNLOAD.create());
        download.addClassName("icon");
        download.getElement().setAttribute("download", true).setAttribute("router-ignore", true);
        download.getElement().setAttribute("title", "Download");
        download.setVisible(possible);
        return download;
    }

    private void refresh() {
        grid.setItems(images.list());
    }

    /** Leaves out what matters least on a narrow page. */
    private void fit(int width) {
        List.of("layers", "source").forEach(key -> grid.getColumnByKey(key).setVisible(width >= ROOMY));
    }
}
