package dev.berth.instance.ui;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.ContainerSpec.RestartPolicy;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.OciDetails;
import dev.berth.instance.NewContainer.NewMount;
import dev.berth.instance.NewInstance;
import dev.berth.ui.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a container beyond name, image and size that many people need. Empty means what the image says. */
class ContainerFields extends Div {
    private static final long serialVersionUID = 1L;
    private static final String VOLUMES_HELP =
            "Volume or directory of the node, a colon, path inside; :ro for read-only";
    private final PortsField ports = new PortsField();
    private final TextArea volumes = new TextArea("Volumes, one on each line");
    private final TextArea env = new TextArea("Environment, NAME=value on each line");
    private final TextField command = new TextField("Command");
    private final ComboBox<RestartPolicy.Kind> restart = restartPolicies();
    private final ContainerOptions options;

    /**
     * Fields.
     *
     * @param options the rest of them
     */
    ContainerFields(ContainerOptions options) {
        this.options = options;
        volumes.setPlaceholder("data:/var/lib/data");
        volumes.setMaxHeight("140px");
        env.setPlaceholder("LANG=C.UTF-8");
        env.setMaxHeight("140px");
        restart.setValue(RestartPolicy.Kind.UNLESS_STOPPED);
        addClassName("fields");
        add(ports, volumes, env, command, restart);
        suit(null);
    }

    /** A choice of what happens when a container ends by itself. */
    static ComboBox<RestartPolicy.Kind> restartPolicies() {
        ComboBox<RestartPolicy.Kind> policies = new ComboBox<>("When it ends by itself");
        policies.setItems(RestartPolicy.Kind.values());
        policies.setItemLabelGenerator(ContainerFields::label);
        return policies;
    }

    private static String label(RestartPolicy.Kind kind) {
        return switch (kind) {
            case NO -> "it stays stopped";
            case ON_FAILURE -> "it is started again after a failure";
            case ALWAYS -> "it is always started again; when it was stopped, as soon as the node boots";
            case UNLESS_STOPPED -> "it is started again unless it was stopped";
        };
    }

    /** Says what an image has for these fields; null for one that nobody here knows yet. */
    void suit(OciDetails.@Nullable Config image) {
        List<String> exposed = image == null ? List.of() : image.exposedPorts();
        List<String> declared = image == null ? List.of() : image.volumes();
        List<String> words = new ArrayList<>();
        if (image != null) {
            words.addAll(image.entrypoint());
            words.addAll(image.cmd());
        }
        ports.suit(exposed);
        volumes.setHelperText(
                declared.isEmpty()
                        ? VOLUMES_HELP
                        : VOLUMES_HELP + "; this image gets new ones for " + String.join(", ", declared));
        command.setPlaceholder(words.isEmpty() ? "as the image says" : "as the image says: " + Words.join(words));
    }

    /** A request with these fields and the options. */
    NewInstance complete(Map<String, ? extends @Nullable Object> basics) {
        Map<String, @Nullable Object> fields = new HashMap<>(basics);
        fields.put("kind", InstanceKind.CONTAINER);
        fields.put("publish", unlessEmpty(ports.ports()));
        Map<String, String> variables = Variables.parse(env.getValue());
        fields.put("env", variables.isEmpty() ? null : variables);
        fields.put("command", unlessEmpty(Words.split(command.getValue(), "/command")));
        fields.put("restart", Map.of("policy", restart.getValue()));
        List<NewMount> mounts = new ArrayList<>(Mounts.volumes(volumes.getValue()));
        mounts.addAll(options.tmpfs());
        fields.put("mounts", unlessEmpty(mounts));
        options.into(fields);
        return NewInstance.of(fields);
    }

    static <T> @Nullable List<T> unlessEmpty(List<T> list) {
        return list.isEmpty() ? null : list;
    }
}
