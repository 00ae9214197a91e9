package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.Rates;
import dev.berth.instance.Snapshots;
import dev.berth.node.Nodes;
import dev.berth.operation.Operations;
import dev.berth.operation.ui.OperationGrid;
import dev.berth.ui.LiveUpdates;
import jakarta.enterprise.context.ApplicationScoped;

/** Makes the contents of an instance's tabs. */
@ApplicationScoped
class InstanceTabs {
    private final Instances instances;
    private final Snapshots snapshots;
    private final Operations operations;
    private final Rates rates;
    private final Nodes nodes;
    private final LiveUpdates live;
    private final InsideTabs inside;
    private final SettingTabs settings;

    InstanceTabs(
            Instances instances,
            Snapshots snapshots,
            Operations operations,
            Rates rates,
            Nodes nodes,
            LiveUpdates live,
            InsideTabs inside,
            SettingTabs settings) {
        this.instances = instances;
        this.snapshots = snapshots;
        this.operations = operations;
        this.rates = rates;
        this.nodes = nodes;
        this.live = live;
        this.inside = inside;
        this.settings = settings;
    }

    Component make(InstanceTab tab, InstanceView instance) {
        return switch (tab) {
            case SUMMARY -> new SummaryTab(instances, rates, nodes, live, instance.id());
            case CONSOLE -> inside.console(instance);
            case DISPLAY -> inside.display(instance);
            case ATTACH -> inside.attach(instance);
            case FILES -> inside.files(instance);
            case PROCESSES -> inside.processes(instance);
            case VOLUMES -> settings.volumes(instance);
            case PORTS -> settings.ports(instance);
            case LIMITS -> settings.limits(instance);
            case HARDWARE -> settings.hardware(instance);
            case SNAPSHOTS -> new SnapshotsTab(instances, snapshots, live, instance.id());
            case OPERATIONS -> {
                OperationGrid grid = new OperationGrid(operations, live, instance.id());
                grid.setSizeFull();
                yield grid;
            }
            case LOG -> inside.log(instance);
        };
    }
}
