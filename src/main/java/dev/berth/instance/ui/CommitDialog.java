package dev.berth.instance.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ResourceName;
import dev.berth.ui.Notices;
import dev.berth.ui.RefusedFields;
import dev.berth.ui.Viewer;

/** Makes an image of what a container has changed. */
class CommitDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final transient Instances instances;
    private final transient InstanceChanges changes;
    private final transient InstanceView instance;
    private final TextField name = new TextField("Name of the image");
    private final TextArea comment = new TextArea("Comment, kept in the image's history");

    CommitDialog(Instances instances, InstanceChanges changes, InstanceView instance) {
        this.instances = instances;
        this.changes = changes;
        this.instance = instance;
        setHeaderTitle("Commit as image");
        setWidth("480px");
        name.setValue(instance.name() + "-image");
        name.setRequiredIndicatorVisible(true);
        name.addValueChangeListener(change -> name.setInvalid(false));
        comment.setMaxLength(1000);
        comment.setPlaceholder("what was changed, and why");
        add(
                new Paragraph("What " + instance.name() + " has written becomes one new layer on the layers of "
                        + (instance.imageName() == null ? "its image" : instance.imageName())
                        + ", which are shared. Its volumes are left out. A running container stands still meanwhile."),
                Changing.column(name, comment));
        Button commit = new Button("Commit", click -> submit());
        commit.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        commit.setId("commit");
        getFooter().add(new Button("Cancel", click -> close()), commit);
        name.focus();
    }

    private void submit() {
        boolean done = Notices.attempt(() -> {
            try {
                changes.commit(
                        instances.require(instance.id()),
                        new ResourceName(name.getValue().strip()),
                        comment.getValue().strip(),
                        Viewer.current().caller());
            } catch (BerthException e) {
                RefusedFields.refuse(name, e.message());
                throw e;
            }
        });
        if (done) {
            Notices.info("Committing " + instance.name() + "; the image shows under Images.");
            close();
        }
    }
}
