package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import dev.berth.console.ConsoleSessions;
import dev.berth.driver.ConsoleKind;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.ui.LiveUpdates;
import jakarta.enterprise.context.ApplicationScoped;

/** Makes the tabs that show what happens inside an instance: consoles, files, processes, logs. */
@ApplicationScoped
class InsideTabs {
    private final Instances instances;
    private final InstanceAccess access;
    private final ConsoleSessions consoles;
    private final LiveUpdates live;

    InsideTabs(Instances instances, InstanceAccess access, ConsoleSessions consoles, LiveUpdates live) {
        this.instances = instances;
        this.access = access;
        this.consoles = consoles;
        this.live = live;
    }

    Component console(InstanceView instance) {
        return switch (instance.kind()) {
            case VM -> new SerialTab(instances, consoles, instance.id());
            case CONTAINER -> new ShellTab(instances, consoles, instance.id(), ConsoleKind.SHELL);
        };
    }

    Component display(InstanceView instance) {
        return new DisplayTab(instances, consoles, instance.id());
    }

    Component attach(InstanceView instance) {
        return new ShellTab(instances, consoles, instance.id(), ConsoleKind.ATTACH);
    }

    Component processes(InstanceView instance) {
        return new ProcessesTab(instances, access, live, instance.id());
    }

    Component files(InstanceView instance) {
        return new FilesTab(instances, access, live, instance.id());
    }

    Component log(InstanceView instance) {
        return switch (instance.kind()) {
            case VM -> new LogTab(instances, instance.id());
            case CONTAINER -> new RecordLogTab(instances, access, live, instance.id());
        };
    }
}
