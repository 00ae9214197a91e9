package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import dev.berth.driver.InstanceKind;
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
            "summary",
            "console",
            "display",
            "attach",
            "files",
            "processes",
            "volumes",
            "ports",
            "limits",
            "hardware",
            "snapshots",
            "operations",
            "log");
    private final Instances instances;
    private final Snapshots snapshots;
    private final Operations operations;
    private final Rates rates;
    private final LiveUpdates live;
    private final InsideTabs inside;
    private final SettingTabs settings;

    InstanceTabs(
            Instances instances,
            Snapshots snapshots,
            Operations operations,
            Rates rates,
            LiveUpdates live,
            InsideTabs inside,
            SettingTabs settings) {
        this.instances = instances;
        this.snapshots = snapshots;
        this.operations = operations;
        this.rates = rates;
        this.live = live;
        this.inside = inside;
        this.settings = settings;
    }

    /** The tabs that a kind has. */
    static List<String> of(InstanceKind kind) {
        return switch (kind) {
            case VM -> List.of("summary", "console", "display", "ports", "hardware", "snapshots", "operations", "log");
            case CONTAINER ->
                List.of(
                        "summary",
                        "console",
                        "attach",
                        "files",
                        "processes",
                        "volumes",
                        "ports",
                        "limits",
                        "snapshots",
                        "operations",
                        "log");
        };
    }

    Component make(String name, InstanceView instance) {
        return switch (name) {
            case "console" -> inside.console(instance);
            case "display" -> inside.display(instance);
            case "hardware" -> settings.hardware(instance);
            case "limits" -> settings.limits(instance);
            case "ports" -> settings.ports(instance);
            case "volumes" -> settings.volumes(instance);
            case "files" -> inside.files(instance);
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
