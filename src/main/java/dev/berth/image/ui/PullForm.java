package dev.berth.image.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.berth.access.Caller;
import dev.berth.driver.ImageReference;
import dev.berth.image.ImageSources;
import dev.berth.image.Images;
import dev.berth.kernel.ResourceName;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationView;
import dev.berth.ui.NodeField;

/** Which image a registry gives, and what it is called here. */
class PullForm extends Div implements TransferForm {
    private static final long serialVersionUID = 1L;
    private final transient Images images;
    private final transient ImageSources sources;
    private final TextField reference = new TextField("Reference");
    private final TextField name = new TextField("Name");
    private final TextField platform = new TextField("Platform");
    private final NodeField node;

    PullForm(Images images, ImageSources sources, Nodes nodes) {
        this.images = images;
        this.sources = sources;
        this.node = new NodeField(nodes);
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
        addClassName("fields");
        add(reference, name, platform, node);
        reference.focus();
    }

    /** Follows the reference as long as the name is what was suggested. */
    private void suggest(String before, String now) {
        if (name.isEmpty() || name.getValue().equals(ImageNames.ofReference(before))) {
            name.setValue(ImageNames.ofReference(now));
        }
    }

    @Override
    public String title() {
        return "Pull image";
    }

    @Override
    public String verb() {
        return "Pull";
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
        String given = platform.getValue().strip();
        return images.importImage(
                new ResourceName(name.getValue().strip()),
                sources.reference(wanted(), given.isEmpty() ? null : given),
                null,
                node.chosen(),
                caller);
    }

    @Override
    public void setReadOnly(boolean readOnly) {
        reference.setReadOnly(readOnly);
        name.setReadOnly(readOnly);
        platform.setReadOnly(readOnly);
        node.setReadOnly(readOnly);
    }

    @Override
    public String done() {
        return "Pulled " + name.getValue();
    }

    @Override
    public String cancelled() {
        return "The pull was cancelled. What has arrived is kept for the next one.";
    }
}
