package dev.berth.instance.ui;

import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import dev.berth.driver.Processes;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.Notices;
import java.util.List;
import java.util.UUID;

/** The processes of a running container, live. */
class ProcessesTab extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Instances instances;
    private final transient InstanceAccess access;
    private final UUID id;
    private final Grid<Processes.Entry> grid = new Grid<>();

    ProcessesTab(Instances instances, InstanceAccess access, LiveUpdates live, UUID id) {
        this.instances = instances;
        this.access = access;
        this.id = id;
        setSizeFull();
        grid.addColumn(Processes.Entry::pid).setHeader("PID").setWidth("80px").setFlexGrow(0);
        grid.addColumn(Processes.Entry::user).setHeader("User").setWidth("80px").setFlexGrow(0);
        grid.addColumn(Processes.Entry::state)
                .setHeader("State")
                .setWidth("100px")
                .setFlexGrow(0);
        grid.addColumn(one -> String.format("%.1f s", one.cpu().toMillis() / 1000.0))
                .setHeader("CPU time")
                .setWidth("100px")
                .setFlexGrow(0);
        grid.addColumn(one -> Formats.size(new DataSize(one.memory())))
                .setHeader("Memory")
                .setWidth("110px")
                .setFlexGrow(0);
        grid.addColumn(Processes.Entry::command).setHeader("Command").setFlexGrow(1);
        grid.addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_ROW_STRIPES);
        grid.setEmptyStateText("No process: it does not run.");
        grid.setSizeFull();
        add(grid);
        live.follow(this, event -> event.subject().id().equals(id), true, this::refresh);
        Notices.attempt(this::refresh);
    }

    private void refresh() {
        grid.setItems(instances
                .find(id)
                .filter(instance -> instance.state() == InstanceView.State.RUNNING)
                .map(access::processes)
                .orElse(List.of()));
    }
}
