package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.instance.InstanceView;
import dev.berth.ui.SavedFields;
import java.util.Map;

/** An instance's name, and whether it can be deleted. */
class IdentityCard extends Div {
    private static final long serialVersionUID = 1L;
    private final TextField name = new TextField("Name");
    private final Checkbox protect = new Checkbox("Protect from deletion");
    private final transient SavedFields saved = new SavedFields();

    IdentityCard(Changing changing) {
        addClassName("card");
        add(
                new H3("Name and protection"),
                Changing.column(
                        name,
                        protect,
                        changing.apply(
                                () -> Map.of("name", name.getValue(), "deletionProtection", protect.getValue()))));
    }

    void show(InstanceView instance) {
        saved.show(name, instance.name());
        saved.show(protect, instance.deletionProtection());
    }
}
