package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.ui.Actions;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Changes one instance on the viewer's behalf, with the fields that the API's PATCH has. */
final class Changing {
    private final Instances instances;
    private final InstanceChanges changes;
    private final UUID id;
    private final List<Button> buttons = new ArrayList<>();

    Changing(Instances instances, InstanceChanges changes, UUID id) {
        this.instances = instances;
        this.changes = changes;
        this.id = id;
    }

    /** A button that submits what the fields say by then. */
    Button apply(Supplier<Map<String, ?>> fields) {
        return button("Apply", () -> submit(fields.get()));
    }

    Button button(String label, Runnable action) {
        Button button = Actions.text(VaadinIcon.CHECK, label, "", action);
        button.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        buttons.add(button);
        return button;
    }

    /** Makes its buttons usable, or has them say why they are not. */
    void show(InstanceView instance) {
        buttons.forEach(button -> Actions.explain(button, Verbs.whyNotChange(instance)));
    }

    void submit(Map<String, ?> fields) {
        changes.change(
                instances.require(id),
                InstanceChanges.Change.of(fields),
                Viewer.current().caller());
        Notices.info("The change is under way.");
    }

    static Div column(Component... parts) {
        Div column = new Div(parts);
        column.addClassName("fields");
        return column;
    }
}
