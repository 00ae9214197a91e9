package dev.berth.storage.ui;

import com.vaadin.flow.component.HasValidation;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ResourceName;
import dev.berth.node.Nodes;
import dev.berth.project.Project;
import dev.berth.storage.Volume;
import dev.berth.storage.Volumes;
import dev.berth.ui.Formats;
import dev.berth.ui.NodeField;
import dev.berth.ui.Notices;
import dev.berth.ui.RefusedFields;
import dev.berth.ui.Viewer;
import java.util.Objects;

/** Asks for what a volume is to be, new or larger; a refusal stands at the field that it is about. */
final class VolumeDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final Div fields = new Div();
    private final IntegerField size = new IntegerField("Size in MiB");
    private final Button done;

    private VolumeDialog(String title, String verb) {
        setHeaderTitle(title);
        setWidth("420px");
        fields.addClassName("fields");
        size.setStepButtonsVisible(true);
        size.setStep(1024);
        size.addValueChangeListener(change -> size.setInvalid(false));
        size.setManualValidation(true);
        done = new Button(verb);
        done.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        add(fields);
        getFooter().add(new Button("Cancel", click -> close()), done);
    }

    static VolumeDialog create(Volumes volumes, Nodes nodes, Project project) {
        VolumeDialog dialog = new VolumeDialog("New volume", "Create");
        TextField name = new TextField("Name");
        name.setPlaceholder("data");
        name.setManualValidation(true);
        name.addValueChangeListener(change -> name.setInvalid(false));
        NodeField node = new NodeField(nodes);
        dialog.size.setValue(mebibytes(volumes.usualSize()));
        dialog.size.setHelperText("A hard limit; it can grow later, and takes what is in it only");
        dialog.fields.add(name, dialog.size, node);
        dialog.whenDone(name, () -> {
            volumes.create(
                    project,
                    new ResourceName(name.getValue().strip()),
                    dialog.chosen(),
                    node.chosen(),
                    Viewer.current().caller());
            Notices.info("Making the volume " + name.getValue());
        });
        name.focus();
        return dialog;
    }

    static VolumeDialog grow(Volumes volumes, Volume volume) {
        VolumeDialog dialog = new VolumeDialog("Grow " + volume.name(), "Grow");
        dialog.size.setValue(mebibytes(volume.size()));
        dialog.size.setHelperText("It has " + Formats.size(volume.size()) + " and can only grow; what uses it goes on");
        dialog.fields.add(dialog.size);
        dialog.whenDone(dialog.size, () -> {
            volumes.grow(volume, dialog.chosen(), Viewer.current().caller());
            Notices.info("Growing the volume " + volume.name());
        });
        dialog.size.focus();
        return dialog;
    }

    private static int mebibytes(DataSize size) {
        return (int) Math.ceilDiv(size.bytes(), 1L << 20);
    }

    private DataSize chosen() {
        return DataSize.ofMebibytes(Objects.requireNonNullElse(size.getValue(), 0));
    }

    private void whenDone(HasValidation first, Runnable action) {
        done.addClickListener(click -> {
            try {
                action.run();
                close();
            } catch (BerthException e) {
                HasValidation wrong = "/size".equals(e.details().get("pointer")) ? size : first;
                RefusedFields.refuse(wrong, e.message());
            }
        });
    }
}
