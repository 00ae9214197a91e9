package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Div;
import dev.berth.console.ConsoleSessions;
import dev.berth.driver.ConsoleKind;
import dev.berth.instance.Instances;
import java.util.UUID;

/** A terminal of a container: a shell of its own, or the terminal of its process. */
class ShellTab extends ConsolePanel {
    private static final long serialVersionUID = 1L;

    ShellTab(Instances instances, ConsoleSessions consoles, UUID id, ConsoleKind kind) {
        super(instances, consoles, id, kind, new SerialTab.Screen());
    }

    @Override
    void buttons(Div bar) {
        // Nothing beyond what every console has.
    }
}
