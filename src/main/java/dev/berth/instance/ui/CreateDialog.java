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
import dev.berth.driver.InstanceKind;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.instance.InstanceCreation;
import dev.berth.instance.NewInstance;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ResourceName;
import dev.berth.node.Nodes;
import dev.berth.project.Project;
import dev.berth.project.Projects;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes an instance from an image, a name and a size; everything else has a default, and most of it waits under "Advanced". */
class CreateDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private final transient Projects projects;
    private final transient InstanceCreation creation;
    private final TextField name = new TextField("Name");
    private final ImageField image;
    private final Select<Size> size = new Select<>();
    private final PlaceField place;
    private final Checkbox start = new Checkbox("Start it at once", true);
    private final AdvancedFields advanced;
    private final ContainerOptions options = new ContainerOptions();
    private final ContainerFields container = new ContainerFields(options);
    private final Pre request = new Pre();

    /** A preset; a custom one takes its numbers from the advanced fields. */
    private record Size(String label, int cpus, long mebibytes) {
        static final List<Size> ALL = List.of(
                new Size("Tiny: 1 vCPU, 256 MiB", 1, 256),
                new Size("Small: 1 vCPU, 1 GiB", 1, 1024),
                new Size("Medium: 2 vCPU, 4 GiB", 2, 4096),
                new Size("Large: 4 vCPU, 8 GiB", 4, 8192));
    }

    CreateDialog(Images images, Projects projects, Nodes nodes, InstanceCreation creation) {
        this.projects = projects;
        this.creation = creation;
        setHeaderTitle("New instance");
        setWidth("600px");
        List<Image> ready = images.list().stream()
                .filter(one -> one.state() == Image.State.READY)
                .toList();
        advanced = new AdvancedFields(
                ready.stream().filter(one -> one.format() == ImageFormat.ISO).toList());
        image = new ImageField(
                ready.stream().filter(one -> one.format() != ImageFormat.ISO).toList());
        place = new PlaceField(nodes);
        fields();
        request.addClassName("code");
        Details preview = new Details("As API request", request);
        preview.addOpenedChangeListener(change -> preview());
        Details more = new Details("Advanced", advanced, options);
        Div column = new Div(image, name, size, place, start, container, more, preview);
        column.addClassName("fields");
        add(column);
        Button create = new Button("Create", click -> submit());
        create.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        create.setId("create");
        image.addValueChangeListener(change -> adapt());
        place.addValueChangeListener(change -> preview());
        adapt();
        getFooter().add(new Button("Cancel", click -> close()), create);
    }

    private void fields() {
        name.setPlaceholder("web1");
        name.setHelperText("Lower-case letters, digits and hyphens; also its host name");
        name.setValueChangeMode(ValueChangeMode.EAGER);
        name.setRequiredIndicatorVisible(true);
        name.addValueChangeListener(change -> checkName());
        size.setLabel("Size");
        size.setItems(Size.ALL);
        size.setItemLabelGenerator(Size::label);
        size.setValue(Size.ALL.get(1));
        name.focus();
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
        boolean inside = image.isContainer();
        container.setVisible(inside);
        container.suit(image.config());
        place.suit(inside ? InstanceKind.CONTAINER : InstanceKind.VM, image.stored());
        options.setVisible(inside);
        advanced.setVisible(!inside);
        preview();
    }

    private NewInstance wanted() {
        String chosen = image.request();
        Size preset = size.getValue();
        if (chosen != null && image.isContainer()) {
            Map<String, @Nullable Object> basics = new HashMap<>();
            basics.put("name", new ResourceName(name.getValue()));
            basics.put("image", chosen);
            basics.put("cpus", preset.cpus());
            basics.put("memory", DataSize.ofMebibytes(preset.mebibytes()));
            basics.put("node", place.chosen());
            basics.put("start", start.getValue());
            return container.complete(basics);
        }
        return advanced.complete(
                new ResourceName(name.getValue()),
                chosen,
                place.chosen(),
                new CpuCount(preset.cpus()),
                DataSize.ofMebibytes(preset.mebibytes()),
                start.getValue());
    }

    private void submit() {
        if (!checkName()) {
            name.focus();
            return;
        }
        if (image.isInvalid()) {
            image.focus();
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
