package dev.berth.storage.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.access.Roles;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Subject;
import dev.berth.node.Nodes;
import dev.berth.project.Project;
import dev.berth.project.Projects;
import dev.berth.storage.Volume;
import dev.berth.storage.Volumes;
import dev.berth.ui.Actions;
import dev.berth.ui.Badge;
import dev.berth.ui.ConfirmByName;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveRows;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.Meter;
import dev.berth.ui.Viewer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The volumes of a project: how full they are, and who has them. */
@Route(value = "volumes", layout = MainLayout.class)
@PageTitle("Volumes · Berth")
class VolumesView extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Volumes volumes;
    private final transient Nodes nodes;
    private final Select<Project> project = new Select<>();
    private final Grid<Row> grid = new Grid<>();
    private final LiveRows<Row> rows = new LiveRows<>(grid, row -> row.volume().id());

    /**
     * A volume as it is shown.
     *
     * @param inside how much is in it; null while nobody has it mounted
     * @param users who has it in their definition
     */
    private record Row(Volume volume, @Nullable DataSize inside, List<Subject> users) {}

    /**
     * What may be done with it.
     *
     * @param whyNot empty if it may be changed
     * @param whyNotDelete empty if it may be deleted
     */
    private record Offer(Volume volume, String whyNot, String whyNotDelete) {}

    VolumesView(Volumes volumes, Projects projects, Nodes nodes, LiveUpdates live) {
        this.volumes = volumes;
        this.nodes = nodes;
        addClassName("view");
        List<Project> all = projects.list();
        project.setItems(all);
        project.setItemLabelGenerator(Project::name);
        project.setAriaLabel("Project");
        project.setValue(all.stream()
                .filter(one -> one.id().equals(Project.DEFAULT))
                .findFirst()
                .orElse(all.getFirst()));
        project.setVisible(all.size() > 1);
        project.addValueChangeListener(change -> refresh());
        H2 heading = new H2("Volumes");
        heading.addClassName("grow");
        Button create = Actions.text(VaadinIcon.PLUS, "New volume", whyNot(), this::create);
        create.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Div bar = new Div(heading, project, create);
        bar.addClassName("bar");
        columns();
        grid.setSizeFull();
        grid.setEmptyStateText("No volumes yet. A volume keeps what a container writes there when the container goes.");
        add(bar, grid);
        refresh();
        live.follow(
                this,
                event -> event.type().startsWith("volume.") || event.type().startsWith("instance."),
                false,
                this::refresh);
    }

    private static String whyNot() {
        return Viewer.may(Roles.OPERATOR) ? "" : "needs the role operator";
    }

    private void columns() {
        grid.addColumn(row -> row.volume().name())
                .setHeader("Name")
                .setWidth("140px")
                .setFlexGrow(2);
        grid.addComponentColumn(VolumesView::state)
                .setHeader("State")
                .setWidth("98px")
                .setFlexGrow(0);
        grid.addComponentColumn(VolumesView::fill)
                .setHeader("Used")
                .setWidth("150px")
                .setFlexGrow(0);
        grid.addComponentColumn(VolumesView::usedBy)
                .setHeader("Mounted in")
                .setWidth("110px")
                .setFlexGrow(3);
        grid.addColumn(row -> row.volume().instance() == null ? "until deleted" : "with its container")
                .setHeader("Kept")
                .setWidth("150px")
                .setFlexGrow(0);
        grid.addColumn(rows.part(VolumesView::offer, this::actions))
                .setWidth("104px")
                .setFlexGrow(0)
                .setFrozenToEnd(true);
    }

    private static Badge state(Row row) {
        Volume.State state = row.volume().state();
        return new Badge(Formats.word(state), state == Volume.State.READY ? Badge.Tone.GOOD : Badge.Tone.BUSY);
    }

    private static Component fill(Row row) {
        DataSize size = row.volume().size();
        DataSize inside = row.inside();
        return inside == null
                ? new Span("at most " + Formats.size(size))
                : new Meter(
                        (double) inside.bytes() / Math.max(1, size.bytes()),
                        Formats.size(inside) + " of " + Formats.size(size));
    }

    private static Component usedBy(Row row) {
        Span all = new Span();
        all.addClassName("users");
        row.users().forEach(user -> all.add(new Anchor("/instances/" + user.id() + "/volumes", user.name())));
        if (row.users().isEmpty()) {
            all.add(new Span("nothing"));
            all.addClassName("quiet");
        }
        return all;
    }

    private static Offer offer(Row row) {
        String whyNot = whyNot();
        if (whyNot.isEmpty() && row.volume().state() != Volume.State.READY) {
            whyNot = "it is " + Formats.word(row.volume().state());
        }
        List<Subject> users = row.users();
        String whyNotDelete = whyNot.isEmpty() && !users.isEmpty()
                ? "it is mounted in " + users.getFirst().name() + (users.size() > 1 ? " and others" : "")
                : whyNot;
        return new Offer(row.volume(), whyNot, whyNotDelete);
    }

    private Component actions(Offer offer) {
        Volume volume = offer.volume();
        return new Span(
                Actions.icon(VaadinIcon.EXPAND_SQUARE, "Grow " + volume.name(), offer.whyNot(), () -> VolumeDialog.grow(
                                volumes, volume)
                        .open()),
                Actions.icon(
                        VaadinIcon.TRASH,
                        "Delete " + volume.name(),
                        offer.whyNotDelete(),
                        () -> confirmDelete(volume)));
    }

    private void create() {
        VolumeDialog.create(volumes, nodes, project.getValue()).open();
    }

    private void confirmDelete(Volume volume) {
        new ConfirmByName(
                        "Delete volume",
                        "What is in it is removed for good.",
                        volume.name(),
                        () -> volumes.delete(volume, Viewer.current().caller()))
                .open();
    }

    private void refresh() {
        UUID chosen = project.getValue().id();
        List<Volume> all = volumes.list(chosen);
        Map<UUID, DataSize> inside = new HashMap<>();
        all.stream().map(Volume::node).distinct().forEach(node -> inside.putAll(volumes.used(node)));
        Map<UUID, List<Subject>> users = volumes.users(chosen);
        rows.show(all.stream()
                .map(volume -> new Row(volume, inside.get(volume.id()), users.getOrDefault(volume.id(), List.of())))
                .toList());
    }
}
