package dev.berth.image.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationView;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import java.util.Locale;

/** Moves an image between a registry and a node, and stays open to show how that goes. */
final class TransferDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final TransferForm form;
    private final Button begin;
    private final Button cancel;
    private final Button close = new Button("Close", click -> close());
    private final Transfer transfer;

    TransferDialog(TransferForm form, Transfers transfers) {
        this.form = form;
        this.transfer = transfers.shown(this::ended);
        String verb = form.verb();
        this.begin = new Button(verb, click -> Notices.attempt(this::begin));
        this.cancel =
                new Button("Cancel the " + verb.toLowerCase(Locale.ROOT), click -> Notices.attempt(transfer::cancel));
        setHeaderTitle(form.title());
        setWidth("560px");
        begin.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        begin.setId(verb.toLowerCase(Locale.ROOT));
        Div column = new Div(form, transfer);
        column.addClassName("fields");
        add(column);
        getFooter().add(close, cancel, begin);
        busy(false);
    }

    private void begin() {
        String registry = form.registry();
        OperationView operation = form.begin(Viewer.current().caller());
        busy(true);
        transfer.follow(operation, registry);
    }

    private void busy(boolean now) {
        form.setReadOnly(now);
        begin.setVisible(!now);
        cancel.setVisible(now);
        close.setText(now ? "Go on in the background" : "Close");
    }

    private void ended(OperationState state) {
        busy(false);
        switch (state) {
            case SUCCEEDED -> {
                Notices.info(form.done());
                close();
            }
            case CANCELLED -> Notices.info(form.cancelled());
            case FAILED, QUEUED, RUNNING, UNDOING -> begin.setText("Try again");
        }
    }
}
