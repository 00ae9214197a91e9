package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.dependency.NpmPackage;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.console.ConsoleSessions;
import dev.berth.driver.ConsoleKind;
import dev.berth.instance.Instances;
import dev.berth.ui.Actions;
import java.util.UUID;

/** The display in noVNC. */
class DisplayTab extends ConsolePanel {
    private static final long serialVersionUID = 1L;

    DisplayTab(Instances instances, ConsoleSessions consoles, UUID id) {
        super(instances, consoles, id, ConsoleKind.GRAPHICAL, new Screen());
    }

    @Override
    void buttons(Div bar) {
        bar.add(Actions.inBrowser(VaadinIcon.KEYBOARD_O, "Ctrl-Alt-Del", screen(), "ctrlAltDel"));
    }

    /** The picture. */
    @Tag("berth-display")
    @NpmPackage(value = "@novnc/novnc", version = "1.7.0")
    @JsModule("./berth-display.ts")
    static final class Screen extends Component {
        private static final long serialVersionUID = 1L;
    }
}
