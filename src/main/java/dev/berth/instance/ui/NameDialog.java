package dev.berth.instance.ui;

import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.kernel.BerthException;
import dev.berth.ui.RefusedFields;
import java.util.function.Consumer;

/** Asks for a name and does something with it; a refusal stands at the field. */
class NameDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final TextField name;
    private final transient Consumer<String> action;

    NameDialog(String title, String label, String verb, Consumer<String> action) {
        this.action = action;
        setHeaderTitle(title);
        name = new TextField(label);
        name.setWidth("320px");
        name.addValueChangeListener(change -> name.setInvalid(false));
        Button done = new Button(verb, click -> submit());
        done.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        done.addClickShortcut(Key.ENTER);
        add(name);
        getFooter().add(new Button("Cancel", click -> close()), done);
        name.focus();
    }

    private void submit() {
        try {
            action.accept(name.getValue().strip());
            close();
        } catch (BerthException e) {
            RefusedFields.refuse(name, e.message());
        }
    }
}
