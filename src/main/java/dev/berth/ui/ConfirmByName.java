package dev.berth.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;

/** Asks to type a name before something is removed for good. */
public final class ConfirmByName extends Dialog {
    private static final long serialVersionUID = 1L;

    public ConfirmByName(String title, String consequence, String name, Runnable confirmed) {
        setHeaderTitle(title);
        TextField field = new TextField("Type " + name + " to confirm");
        field.setWidthFull();
        field.setValueChangeMode(ValueChangeMode.EAGER);
        Button confirm = new Button("Delete", click -> {
            close();
            Notices.attempt(confirmed);
        });
        confirm.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_ERROR);
        confirm.setEnabled(false);
        confirm.setTooltipText("Type the name first");
        field.addValueChangeListener(change -> {
            boolean same = change.getValue().equals(name);
            confirm.setEnabled(same);
            confirm.setTooltipText(same ? "" : "Type the name first");
        });
        add(new Paragraph(consequence), field);
        getFooter().add(new Button("Keep it", click -> close()), confirm);
        field.focus();
    }
}
