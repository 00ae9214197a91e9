package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.Snapshot;
import dev.berth.instance.Snapshots;
import dev.berth.kernel.ResourceName;
import dev.berth.ui.Actions;
import dev.berth.ui.Badge;
import dev.berth.ui.ConfirmByName;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.Viewer;
import java.util.UUID;

/** Snapshots of an instance: take, go back to, remove. */
class SnapshotsTab extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Instances instances;
    private final transient Snapshots snapshots;
    private final UUID id;
    private final TextField name = new TextField();
    private final Checkbox memory = new Checkbox("With memory, if it runs");
    private final Grid<Snapshot> grid = new Grid<>();

    SnapshotsTab(Instances instances, Snapshots snapshots, LiveUpdates live, UUID id) {
        this.instances = instances;
        this.snapshots = snapshots;
        this.id = id;
        name.setPlaceholder("Name, for example before-upgrade");
        name.setWidth("320px");
        InstanceView instance = instances.require(id);
        Div bar = new Div(
                name,
                memory,
                Actions.text(VaadinIcon.CAMERA, "Take snapshot", Verbs.whyNotChange(instance), this::take));
        bar.addClassName("bar");
        columns();
        grid.setEmptyStateText("No snapshots. Take one before you change something that you may regret.");
        getStyle()
                .set("display", "flex")
                .set("flex-direction", "column")
                .set("gap", "10px")
                .set("flex", "1");
        grid.setSizeFull();
        add(bar, grid);
        refresh();
        live.follow(this, event -> event.subject().id().equals(id), false, this::refresh);
    }

    private void columns() {
        grid.addColumn(Snapshot::name).setHeader("Name");
        grid.addComponentColumn(snapshot -> new Badge(
                        Formats.word(snapshot.state()),
                        snapshot.state() == Snapshot.State.READY ? Badge.Tone.GOOD : Badge.Tone.BUSY))
                .setHeader("State");
        grid.addColumn(snapshot -> snapshot.withMemory() ? "disks and memory" : "disks")
                .setHeader("Holds");
        grid.addColumn(snapshot -> Formats.time(snapshot.createdAt())).setHeader("Taken");
        grid.addComponentColumn(this::actions).setAutoWidth(true).setFlexGrow(0);
    }

    private Component actions(Snapshot snapshot) {
        String whyNot = snapshot.state() == Snapshot.State.READY
                ? Verbs.whyNotChange(instances.require(id))
                : "the snapshot is being made or removed";
        return new Span(
                Actions.icon(VaadinIcon.ROTATE_LEFT, "Go back to it", whyNot, () -> confirmRevert(snapshot)),
                Actions.icon(
                        VaadinIcon.TRASH,
                        "Delete",
                        whyNot,
                        () -> snapshots.delete(
                                instances.require(id),
                                snapshot,
                                Viewer.current().caller())));
    }

    private void confirmRevert(Snapshot snapshot) {
        new ConfirmByName(
                        "Go back to " + snapshot.name(),
                        "Everything that happened on the disks since then is lost.",
                        snapshot.name(),
                        () -> snapshots.revert(
                                instances.require(id),
                                snapshot,
                                Viewer.current().caller()))
                .open();
    }

    private void take() {
        snapshots.create(
                instances.require(id),
                new ResourceName(name.getValue()),
                memory.getValue(),
                Viewer.current().caller());
        name.clear();
    }

    private void refresh() {
        grid.setItems(snapshots.list(id));
    }
}
