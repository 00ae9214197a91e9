package dev.berth.instance.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.berth.driver.ImageFormat;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.instance.InstanceCreation;
import dev.berth.instance.NewInstance;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ResourceName;
import dev.berth.project.Project;
import dev.berth.project.Projects;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import java.util.List;
import java.util.Map;

/** Makes an instance from three fields; everything else has a default and waits under "Advanced". */
class CreateDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final transient Projects projects;
    private final transient InstanceCreation creation;
    private final TextField name = new TextField("Name");
    private final Select<Image> image = new Select<>();
    private final Select<Size> size = new Select<>();
    private final Checkbox start = new Checkbox("Start it at once", true);
    private final AdvancedFields advanced;
    private final ContainerFields container = new ContainerFields();
    private final Details machine;
    private final Pre request = new Pre();

    /** A preset; a custom one takes its numbers from the advanced fields. */
    private record Size(String label, int cpus, long mebibytes) {
        static final List<Size> ALL = List.of(
                new Size("Tiny: 1 vCPU, 256 MiB", 1, 256),
                new Size("Small: 1 vCPU, 1 GiB", 1, 1024),
                new Size("Medium: 2 vCPU, 4 GiB", 2, 4096),
                new Size("Large: 4 vCPU, 8 GiB", 4, 8192));
    }

    CreateDialog(Images images, Projects projects, InstanceCreation creation) {
        this.projects = projects;
        this.creation = creation;
        setHeaderTitle("New instance");
        setWidth("600px");
        List<Image> ready = images.list().stream()
                .filter(one -> one.state() == Image.State.READY)
                .toList();
        advanced = new AdvancedFields(
                ready.stream().filter(one -> one.format() == ImageFormat.ISO).toList());
        fields(ready.stream().filter(one -> one.format() != ImageFormat.ISO).toList());
        request.addClassName("code");
        Details preview = new Details("As API request", request);
        preview.addOpenedChangeListener(change -> preview());
        machine = new Details("Advanced", advanced);
        Div column = new Div(name, image, size, start, container, machine, preview);
        column.addClassName("fields");
        add(column);
        Button create = new Button("Create", click -> submit());
        create.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        create.setId("create");
        image.addValueChangeListener(change -> adapt());
        adapt();
        getFooter().add(new Button("Cancel", click -> close()), create);
    }

    private void fields(List<Image> disks) {
        name.setPlaceholder("web1");
        name.setHelperText("Lower-case letters, digits and hyphens; also its host name");
        name.setValueChangeMode(ValueChangeMode.EAGER);
        name.setRequiredIndicatorVisible(true);
        name.addValueChangeListener(change -> checkName());
        image.setLabel("Image");
        image.setItems(disks);
        image.setItemLabelGenerator(one -> one == null ? "None: a blank disk" : label(one));
        image.setEmptySelectionAllowed(true);
        image.setEmptySelectionCaption("None: a blank disk");
        if (disks.isEmpty()) {
            image.setHelperText("There is no image yet; the images page builds or imports one.");
        } else {
            image.setValue(disks.getFirst());
        }
        size.setLabel("Size");
        size.setItems(Size.ALL);
        size.setItemLabelGenerator(Size::label);
        size.setValue(Size.ALL.get(1));
        name.focus();
    }

    private static String label(Image image) {
        return image.name() + (image.format() == ImageFormat.OCI ? " · container" : " · virtual machine");
    }

    private boolean checkName() {
        try {
            ResourceName checked = new ResourceName(name.getValue());
            name.setInvalid(checked.value().isEmpty());
            return true;
        } catch (BerthException e) {
            name.setErrorMessage(e.message());
            name.setInvalid(true);
            return false;
        }
    }

    /** Shows the fields of the kind that the image is for. */
    private void adapt() {
        boolean inside = isContainer();
        container.setVisible(inside);
        machine.setVisible(!inside);
        preview();
    }

    private boolean isContainer() {
        Image chosen = image.getValue();
        return chosen != null && chosen.format() == ImageFormat.OCI;
    }

    private NewInstance wanted() {
        Image chosen = image.getValue();
        Size preset = size.getValue();
        if (chosen != null && isContainer()) {
            return container.complete(Map.of(
                    "name", new ResourceName(name.getValue()),
                    "image", chosen.name(),
                    "cpus", preset.cpus(),
                    "memory", DataSize.ofMebibytes(preset.mebibytes()),
                    "start", start.getValue()));
        }
        return advanced.complete(
                new ResourceName(name.getValue()),
                chosen == null ? null : chosen.name(),
                new CpuCount(preset.cpus()),
                DataSize.ofMebibytes(preset.mebibytes()),
                start.getValue());
    }

    private void submit() {
        if (!checkName()) {
            name.focus();
            return;
        }
        boolean done = Notices.attempt(() -> {
            Project project = projects.require(Project.DEFAULT.toString());
            creation.create(project, wanted(), Viewer.current().caller());
        });
        if (done) {
            Notices.info("Making " + name.getValue());
            close();
        }
    }

    private void preview() {
        String body;
        try {
            body = BerthJson.mapper().valueToTree(wanted()).toPrettyString();
        } catch (BerthException e) {
            body = "(" + e.message() + ")";
        }
        request.setText("curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n"
                + "  \"$BERTH/api/v1/projects/default/instances?wait=60s\" -d '" + body + "'");
    }
}
