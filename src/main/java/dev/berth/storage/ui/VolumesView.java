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
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.Meter;
import dev.berth.ui.Viewer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The volumes of a project: how full they are, and who has them. */
@Route(value = "volumes", layout = MainLayout.class)
@PageTitle("Volumes · Berth")
class VolumesView extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Volumes volumes;
    private final transient Nodes nodes;
    private final Select<Project> project = new Select<>();
    private final Grid<Volume> grid = new Grid<>();
    private transient Map<UUID, DataSize> used = Map.of();
    private transient Map<UUID, List<Subject>> users = Map.of();

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
        grid.addColumn(Volume::name).setHeader("Name").setWidth("140px").setFlexGrow(2);
        grid.addComponentColumn(VolumesView::state)
                .setHeader("State")
                .setWidth("98px")
                .setFlexGrow(0);
        grid.addComponentColumn(this::fill).setHeader("Used").setWidth("150px").setFlexGrow(0);
        grid.addComponentColumn(this::usedBy)
                .setHeader("Mounted in")
                .setWidth("110px")
                .setFlexGrow(3);
        grid.addColumn(volume -> volume.instance() == null ? "until deleted" : "with its container")
                .setHeader("Kept")
                .setWidth("150px")
                .setFlexGrow(0);
        grid.addComponentColumn(this::actions).setWidth("104px").setFlexGrow(0).setFrozenToEnd(true);
    }

    private static Badge state(Volume volume) {
        return new Badge(
                Formats.word(volume.state()), volume.state() == Volume.State.READY ? Badge.Tone.GOOD : Badge.Tone.BUSY);
    }

    private Component fill(Volume volume) {
        DataSize inside = used.get(volume.id());
        return inside == null
                ? new Span("at most " + Formats.size(volume.size()))
                : new Meter(
                        (double) inside.bytes() / Math.max(1, volume.size().bytes()),
                        Formats.size(inside) + " of " + Formats.size(volume.size()));
    }

    private Component usedBy(Volume volume) {
        Span all = new Span();
        all.addClassName("users");
        List<Subject> found = users.getOrDefault(volume.id(), List.of());
        found.forEach(user -> all.add(new Anchor("/instances/" + user.id() + "/volumes", user.name())));
        if (found.isEmpty()) {
            all.add(new Span("nothing"));
            all.addClassName("quiet");
        }
        return all;
    }

    private Component actions(Volume volume) {
        String whyNot = whyNot();
        if (whyNot.isEmpty() && volume.state() != Volume.State.READY) {
            whyNot = "it is " + Formats.word(volume.state());
        }
        List<Subject> found = users.getOrDefault(volume.id(), List.of());
        String whyNotDelete = whyNot.isEmpty() && !found.isEmpty()
                ? "it is mounted in " + found.getFirst().name() + (found.size() > 1 ? " and others" : "")
                : whyNot;
        return new Span(
                Actions.icon(VaadinIcon.EXPAND_SQUARE, "Grow " + volume.name(), whyNot, () -> VolumeDialog.grow(
                                volumes, volume)
                        .open()),
                Actions.icon(VaadinIcon.TRASH, "Delete " + volume.name(), whyNotDelete, () -> confirmDelete(volume)));
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
        used = inside;
        users = volumes.users(chosen);
        grid.setItems(all);
    }
}
