package dev.berth.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;

/** Asks once more before something small that cannot be taken back. */
public final class ConfirmDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    /**
     * To be opened by who makes it.
     *
     * @param verb what the button that confirms says, and
     * @param instead what the other one says
     */
    public ConfirmDialog(String title, String consequence, String verb, String instead, Runnable confirmed) {
        setHeaderTitle(title);
        setMaxWidth("480px");
        Button confirm = new Button(verb, click -> {
            close();
            Notices.attempt(confirmed);
        });
        confirm.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_ERROR);
        add(new Paragraph(consequence));
        getFooter().add(new Button(instead, click -> close()), confirm);
    }
}
