package dev.berth.instance.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;
import dev.berth.ui.Notices;

/** Asks once more before something small is removed. */
class ConfirmDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    ConfirmDialog(String title, String consequence, Runnable confirmed) {
        setHeaderTitle(title);
        setMaxWidth("480px");
        Button confirm = new Button("Delete", click -> {
            close();
            Notices.attempt(confirmed);
        });
        confirm.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_ERROR);
        add(new Paragraph(consequence));
        getFooter().add(new Button("Keep it", click -> close()), confirm);
    }
}
