package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.textfield.TextArea;
import dev.berth.console.ConsoleSessions;
import dev.berth.console.ConsoleTicket;
import dev.berth.driver.ConsoleKind;
import dev.berth.instance.Instances;
import dev.berth.kernel.BerthException;
import dev.berth.ui.Actions;
import dev.berth.ui.Viewer;
import java.util.UUID;

/** What both consoles share: tickets for the screen when it asks, full screen, paste as keystrokes, the state in words. */
abstract class ConsolePanel extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Instances instances;
    private final transient ConsoleSessions consoles;
    private final UUID id;
    private final ConsoleKind kind;
    private final Component screen;
    private final Span state = new Span("connecting…");

    ConsolePanel(Instances instances, ConsoleSessions consoles, UUID id, ConsoleKind kind, Component screen) {
        this.instances = instances;
        this.consoles = consoles;
        this.id = id;
        this.kind = kind;
        this.screen = screen;
        addClassName("console");
        state.addClassNames("grow", "state");
        Div bar = new Div(state);
        bar.addClassName("bar");
        bar.add(Actions.text(VaadinIcon.PASTE, "Paste as keystrokes", "", this::paste));
        buttons(bar);
        bar.add(Actions.inBrowser(VaadinIcon.EXPAND_SQUARE, "Full screen", screen, "fullScreen"));
        add(bar, screen);
        screen.getElement().addEventListener("ticket-wanted", event -> ticket());
        // In the browser, because what there is to say most of all is that the controller is away.
        state.addAttachListener(attached -> state.getElement()
                .executeJs(
                        "$0.addEventListener('console-state', event => { this.textContent = event.detail.text; })",
                        screen));
    }

    /** Adds what only this console has. */
    abstract void buttons(Div bar);

    final Component screen() {
        return screen;
    }

    private void ticket() {
        try {
            ConsoleTicket ticket =
                    consoles.open(instances.require(id), kind, Viewer.current().caller());
            screen.getElement().callJsFunction("connect", ticket.url(), ticket.ticket());
        } catch (BerthException e) {
            screen.getElement().callJsFunction("refused", e.message());
        }
    }

    private void paste() {
        Dialog dialog = new Dialog();
        dialog.setHeaderTitle("Paste as keystrokes");
        TextArea text = new TextArea("Text to type");
        text.setWidth("480px");
        text.setMinHeight("140px");
        text.setMaxLength(10_000);
        dialog.add(text);
        Button send = new Button("Type it", click -> {
            dialog.close();
            screen.getElement().callJsFunction("type", text.getValue());
        });
        dialog.getFooter().add(new Button("Cancel", click -> dialog.close()), send);
        dialog.open();
        text.focus();
    }
}
