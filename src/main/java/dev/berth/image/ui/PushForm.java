package dev.berth.image.ui;

import com.vaadin.flow.component.textfield.TextField;
import dev.berth.access.Caller;
import dev.berth.driver.OciDetails;
import dev.berth.image.Image;
import dev.berth.image.ImageLayers;
import dev.berth.operation.OperationView;

/** Where an image is pushed to. */
class PushForm extends TransferForm {
    private static final long serialVersionUID = 1L;
    private final transient ImageLayers layers;
    private final transient Image image;

    PushForm(Image image, ImageLayers layers) {
        super("Push " + image.name(), "Push", field(image));
        this.image = image;
        this.layers = layers;
    }

    private static TextField field(Image image) {
        OciDetails oci = image.oci();
        String from = oci == null ? null : oci.reference();
        TextField reference = new TextField("To");
        reference.setHelperText(
                "Registry, repository and tag. Layers that the registry has already are not sent again.");
        reference.setValue(from == null || from.contains("@") ? "" : from);
        return reference;
    }

    @Override
    OperationView begin(Caller caller) {
        return layers.push(image, reference(), caller);
    }

    @Override
    String done() {
        return "Pushed to " + reference();
    }

    @Override
    String cancelled() {
        return "The push was cancelled.";
    }
}
