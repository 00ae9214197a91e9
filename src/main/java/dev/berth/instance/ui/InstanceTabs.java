package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import dev.berth.driver.InstanceKind;
import dev.berth.image.Images;
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
    private final Operations operations;
    private final Rates rates;
    private final LiveUpdates live;
    private final InsideTabs inside;

    InstanceTabs(
            Instances instances,
            InstanceChanges changes,
            Snapshots snapshots,
            Images images,
            Operations operations,
            Rates rates,
            LiveUpdates live,
            InsideTabs inside) {
        this.instances = instances;
        this.changes = changes;
        this.snapshots = snapshots;
        this.images = images;
        this.operations = operations;
        this.rates = rates;
        this.live = live;
        this.inside = inside;
    }

    /** The tabs that a kind has. */
    static List<String> of(InstanceKind kind) {
        return switch (kind) {
            case VM -> List.of("summary", "console", "display", "hardware", "snapshots", "operations", "log");
            case CONTAINER -> List.of("summary", "console", "attach", "processes", "snapshots", "operations", "log");
        };
    }

    Component make(String name, InstanceView instance) {
        return switch (name) {
            case "console" -> inside.console(instance);
            case "display" -> inside.display(instance);
            case "hardware" -> new HardwareTab(instances, changes, images, live, instance.id());
            case "snapshots" -> new SnapshotsTab(instances, snapshots, live, instance.id());
            case "operations" -> {
                OperationGrid grid = new OperationGrid(operations, live, instance.id());
                grid.setSizeFull();
                yield grid;
            }
            case "log" -> inside.log(instance);
            case "attach" -> inside.attach(instance);
            case "processes" -> inside.processes(instance);
            default -> new SummaryTab(instances, rates, live, instance.id());
        };
    }
}
