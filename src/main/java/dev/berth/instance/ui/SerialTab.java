package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.dependency.NpmPackage;
import com.vaadin.flow.component.html.Div;
import dev.berth.console.ConsoleSessions;
import dev.berth.driver.ConsoleKind;
import dev.berth.instance.Instances;
import java.util.UUID;

/** The serial console in xterm.js. */
class SerialTab extends ConsolePanel {
    private static final long serialVersionUID = 1L;

    SerialTab(Instances instances, ConsoleSessions consoles, UUID id) {
        super(instances, consoles, id, ConsoleKind.SERIAL, new Screen());
    }

    @Override
    void buttons(Div bar) {
        // Nothing beyond what every console has.
    }

    /** The terminal. */
    @Tag("berth-terminal")
    @NpmPackage(value = "@xterm/xterm", version = "6.0.0")
    @NpmPackage(value = "@xterm/addon-fit", version = "0.11.0")
    @JsModule("./berth-terminal.ts")
    static final class Screen extends Component {
        private static final long serialVersionUID = 1L;
    }
}
