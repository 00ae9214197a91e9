package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.instance.InstanceView;
import java.util.Map;

/** An instance's name, and whether it can be deleted. */
class IdentityCard extends Div {
    private static final long serialVersionUID = 1L;

    IdentityCard(Changing changing, InstanceView instance) {
        addClassName("card");
        TextField name = new TextField("Name");
        name.setValue(instance.name());
        Checkbox protect = new Checkbox("Protect from deletion", instance.deletionProtection());
        add(
                new H3("Name and protection"),
                Changing.column(
                        name,
                        protect,
                        changing.apply(
                                instance,
                                () -> Map.of("name", name.getValue(), "deletionProtection", protect.getValue()))));
    }
}
