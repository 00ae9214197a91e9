package dev.berth.image.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.berth.driver.ImageReference;
import dev.berth.image.ImageSources;
import dev.berth.image.Images;
import dev.berth.kernel.ResourceName;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationView;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;

/** Pulls an image from a registry, and stays open to show how that goes. */
class PullDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final transient Images images;
    private final transient ImageSources sources;
    private final TextField reference = new TextField("Reference");
    private final TextField name = new TextField("Name");
    private final TextField platform = new TextField("Platform");
    private final Button pull = new Button("Pull", click -> Notices.attempt(this::begin));
    private final Button cancel;
    private final Button close = new Button("Close", click -> close());
    private final Transfer transfer;

    PullDialog(Images images, ImageSources sources, Transfers transfers) {
        this.images = images;
        this.sources = sources;
        this.transfer = transfers.shown(this::ended);
        this.cancel = new Button("Cancel the pull", click -> Notices.attempt(transfer::cancel));
        setHeaderTitle("Pull image");
        setWidth("560px");
        reference.setPlaceholder("registry.example:5000/web/nginx:1.27");
        reference.setHelperText(
                "Registry, repository, and a tag or @sha256:… digest. Without a registry it is Docker Hub's.");
        reference.setRequiredIndicatorVisible(true);
        reference.setValueChangeMode(ValueChangeMode.EAGER);
        reference.addValueChangeListener(change -> suggest(change.getOldValue(), change.getValue()));
        name.setHelperText("What it is called here");
        name.setValueChangeMode(ValueChangeMode.EAGER);
        platform.setPlaceholder("the node's own");
        platform.setHelperText("For example linux/arm64");
        pull.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        pull.setId("pull");
        Div column = new Div(reference, name, platform, transfer);
        column.addClassName("fields");
        add(column);
        getFooter().add(close, cancel, pull);
        busy(false);
        reference.focus();
    }

    /** Follows the reference as long as the name is what was suggested. */
    private void suggest(String before, String now) {
        if (name.isEmpty() || name.getValue().equals(ImageNames.ofReference(before))) {
            name.setValue(ImageNames.ofReference(now));
        }
    }

    private void begin() {
        String wanted = reference.getValue().strip();
        String host = ImageReference.parse(wanted).registry();
        String given = platform.getValue().strip();
        OperationView operation = images.importImage(
                new ResourceName(name.getValue().strip()),
                sources.reference(wanted, given.isEmpty() ? null : given),
                null,
                null,
                Viewer.current().caller());
        busy(true);
        transfer.follow(operation, host);
    }

    private void busy(boolean now) {
        reference.setReadOnly(now);
        name.setReadOnly(now);
        platform.setReadOnly(now);
        pull.setVisible(!now);
        cancel.setVisible(now);
        close.setText(now ? "Go on in the background" : "Close");
    }

    private void ended(OperationState state) {
        busy(false);
        switch (state) {
            case SUCCEEDED -> {
                Notices.info("Pulled " + name.getValue());
                close();
            }
            case CANCELLED -> Notices.info("The pull was cancelled. What has arrived is kept for the next one.");
            case FAILED, QUEUED, RUNNING, UNDOING -> pull.setText("Try again");
        }
    }
}
