package dev.berth.image.ui;

import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.berth.access.Caller;
import dev.berth.image.ImageSources;
import dev.berth.image.Images;
import dev.berth.kernel.ResourceName;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationView;
import dev.berth.ui.NodeField;

/** Which image a registry gives, and what it is called here. */
class PullForm extends TransferForm {
    private static final long serialVersionUID = 1L;
    private final transient Images images;
    private final transient ImageSources sources;
    private final TextField name = new TextField("Name");
    private final TextField platform = new TextField("Platform");
    private final NodeField node;

    PullForm(Images images, ImageSources sources, Nodes nodes) {
        this(images, sources, nodes, new TextField("Reference"));
    }

    private PullForm(Images images, ImageSources sources, Nodes nodes, TextField reference) {
        super("Pull image", "Pull", reference);
        this.images = images;
        this.sources = sources;
        this.node = new NodeField(nodes);
        reference.setHelperText(
                "Registry, repository, and a tag or @sha256:… digest. Without a registry it is Docker Hub's.");
        reference.setRequiredIndicatorVisible(true);
        reference.setValueChangeMode(ValueChangeMode.EAGER);
        reference.addValueChangeListener(change -> suggest(change.getOldValue(), change.getValue()));
        name.setHelperText("What it is called here");
        name.setValueChangeMode(ValueChangeMode.EAGER);
        platform.setPlaceholder("the node's own");
        platform.setHelperText("For example linux/arm64");
        add(name, platform, node);
    }

    /** Follows the reference as long as the name is what was suggested. */
    private void suggest(String before, String now) {
        if (name.isEmpty() || name.getValue().equals(ImageNames.ofReference(before))) {
            name.setValue(ImageNames.ofReference(now));
        }
    }

    @Override
    OperationView begin(Caller caller) {
        String given = platform.getValue().strip();
        return images.importImage(
                new ResourceName(name.getValue().strip()),
                sources.reference(reference(), given.isEmpty() ? null : given),
                null,
                node.chosen(),
                caller);
    }

    @Override
    void setReadOnly(boolean readOnly) {
        super.setReadOnly(readOnly);
        name.setReadOnly(readOnly);
        platform.setReadOnly(readOnly);
        node.setReadOnly(readOnly);
    }

    @Override
    String done() {
        return "Pulled " + name.getValue();
    }

    @Override
    String cancelled() {
        return "The pull was cancelled. What has arrived is kept for the next one.";
    }
}
