package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import dev.berth.console.ConsoleSessions;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.InstanceKind;
import dev.berth.image.Images;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.Rates;
import dev.berth.instance.Snapshots;
import dev.berth.operation.Operations;
import dev.berth.operation.ui.OperationGrid;
import dev.berth.ui.LiveUpdates;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Makes the contents of an instance's tabs. */
@ApplicationScoped
class InstanceTabs {
    static final List<String> NAMES = List.of(
            "summary", "console", "display", "attach", "processes", "hardware", "snapshots", "operations", "log");
    private final Instances instances;
    private final InstanceChanges changes;
    private final Snapshots snapshots;
    private final Images images;
    private final ConsoleSessions consoles;
    private final Operations operations;
    private final Rates rates;
    private final LiveUpdates live;
    private final InstanceAccess access;

    InstanceTabs(
            Instances instances,
            InstanceChanges changes,
            Snapshots snapshots,
            Images images,
            ConsoleSessions consoles,
            Operations operations,
            Rates rates,
            LiveUpdates live,
            InstanceAccess access) {
        this.instances = instances;
        this.changes = changes;
        this.snapshots = snapshots;
        this.images = images;
        this.consoles = consoles;
        this.operations = operations;
        this.rates = rates;
        this.live = live;
        this.access = access;
    }

    /** The tabs that a kind has. */
    static List<String> of(InstanceKind kind) {
        return switch (kind) {
            case VM -> List.of("summary", "console", "display", "hardware", "snapshots", "operations", "log");
            case CONTAINER -> List.of("summary", "console", "attach", "processes", "snapshots", "operations", "log");
        };
    }

    private Component console(InstanceView instance) {
        return switch (instance.kind()) {
            case VM -> new SerialTab(instances, consoles, instance.id());
            case CONTAINER -> new ShellTab(instances, consoles, instance.id(), ConsoleKind.SHELL);
        };
    }

    private Component log(InstanceView instance) {
        return switch (instance.kind()) {
            case VM -> new LogTab(instances, instance.id());
            case CONTAINER -> new RecordLogTab(instances, access, live, instance.id());
        };
    }

    Component make(String name, InstanceView instance) {
        return switch (name) {
            case "console" -> console(instance);
            case "display" -> new DisplayTab(instances, consoles, instance.id());
            case "hardware" -> new HardwareTab(instances, changes, images, live, instance.id());
            case "snapshots" -> new SnapshotsTab(instances, snapshots, live, instance.id());
            case "operations" -> {
                OperationGrid grid = new OperationGrid(operations, live, instance.id());
                grid.setSizeFull();
                yield grid;
            }
            case "log" -> log(instance);
            case "attach" -> new ShellTab(instances, consoles, instance.id(), ConsoleKind.ATTACH);
            case "processes" -> new ProcessesTab(instances, access, live, instance.id());
            default -> new SummaryTab(instances, rates, live, instance.id());
        };
    }
}
