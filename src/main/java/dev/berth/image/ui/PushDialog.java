package dev.berth.image.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.ImageReference;
import dev.berth.driver.OciDetails;
import dev.berth.image.Image;
import dev.berth.image.ImageLayers;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationView;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;

/** Pushes an image to a registry, and stays open to show how that goes. */
class PushDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final transient ImageLayers layers;
    private final transient Image image;
    private final TextField reference = new TextField("To");
    private final Button push = new Button("Push", click -> Notices.attempt(this::begin));
    private final Button cancel;
    private final Button close = new Button("Close", click -> close());
    private final Transfer transfer;

    PushDialog(Image image, ImageLayers layers, Transfers transfers) {
        this.image = image;
        this.layers = layers;
        this.transfer = transfers.shown(this::ended);
        this.cancel = new Button("Cancel the push", click -> Notices.attempt(transfer::cancel));
        setHeaderTitle("Push " + image.name());
        setWidth("560px");
        OciDetails oci = image.oci();
        String from = oci == null ? null : oci.reference();
        reference.setWidthFull();
        reference.setPlaceholder("registry.example:5000/web/nginx:1.27");
        reference.setHelperText(
                "Registry, repository and tag. Layers that the registry has already are not sent again.");
        reference.setValue(from == null || from.contains("@") ? "" : from);
        push.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        push.setId("push");
        Div column = new Div(reference, transfer);
        column.addClassName("fields");
        add(column);
        getFooter().add(close, cancel, push);
        busy(false);
        reference.focus();
    }

    private void begin() {
        String to = reference.getValue().strip();
        String host = ImageReference.parse(to).registry();
        OperationView operation = layers.push(image, to, Viewer.current().caller());
        busy(true);
        transfer.follow(operation, host);
    }

    private void busy(boolean now) {
        reference.setReadOnly(now);
        push.setVisible(!now);
        cancel.setVisible(now);
        close.setText(now ? "Go on in the background" : "Close");
    }

    private void ended(OperationState state) {
        busy(false);
        switch (state) {
            case SUCCEEDED -> {
                Notices.info("Pushed to " + reference.getValue());
                close();
            }
            case CANCELLED -> Notices.info("The push was cancelled.");
            case FAILED, QUEUED, RUNNING, UNDOING -> push.setText("Try again");
        }
    }
}
