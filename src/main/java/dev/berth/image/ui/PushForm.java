package dev.berth.image.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.access.Caller;
import dev.berth.driver.ImageReference;
import dev.berth.driver.OciDetails;
import dev.berth.image.Image;
import dev.berth.image.ImageLayers;
import dev.berth.operation.OperationView;

/** Where an image is pushed to. */
class PushForm extends Div implements TransferForm {
    private static final long serialVersionUID = 1L;
    private final transient ImageLayers layers;
    private final transient Image image;
    private final TextField reference = new TextField("To");

    PushForm(Image image, ImageLayers layers) {
        this.image = image;
        this.layers = layers;
        OciDetails oci = image.oci();
        String from = oci == null ? null : oci.reference();
        reference.setPlaceholder("registry.example:5000/web/nginx:1.27");
        reference.setHelperText(
                "Registry, repository and tag. Layers that the registry has already are not sent again.");
        reference.setValue(from == null || from.contains("@") ? "" : from);
        addClassName("fields");
        add(reference);
        reference.focus();
    }

    @Override
    public String title() {
        return "Push " + image.name();
    }

    @Override
    public String verb() {
        return "Push";
    }

    private String wanted() {
        return reference.getValue().strip();
    }

    @Override
    public String registry() {
        return ImageReference.parse(wanted()).registry();
    }

    @Override
    public OperationView begin(Caller caller) {
        return layers.push(image, wanted(), caller);
    }

    @Override
    public void setReadOnly(boolean readOnly) {
        reference.setReadOnly(readOnly);
    }

    @Override
    public String done() {
        return "Pushed to " + wanted();
    }

    @Override
    public String cancelled() {
        return "The push was cancelled.";
    }
}
