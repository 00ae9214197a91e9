package dev.berth.instance.ui;

import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.Publication;
import dev.berth.instance.NewInstance;
import dev.berth.instance.PublishedPort;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of a container beyond name, image and size. Empty means what the image says. */
class ContainerFields extends Div {
    private static final long serialVersionUID = 1L;
    private static final Pattern PORT = Pattern.compile("(\\d{1,5}):(\\d{1,5})(/tcp|/udp)?");
    private final TextField ports = new TextField("Published ports");
    private final TextArea env = new TextArea("Environment, NAME=value on each line");
    private final TextField command = new TextField("Command");
    private final ComboBox<ContainerSpec.RestartPolicy.Kind> restart = restartPolicies();
    private final IntegerField disk = new IntegerField("Limit of what it writes, in GiB");

    ContainerFields() {
        ports.setPlaceholder("8080:80, 5353:53/udp");
        ports.setHelperText("Port of the node, a colon, port of the container");
        command.setPlaceholder("as the image says");
        env.setPlaceholder("LANG=C.UTF-8");
        env.setMaxHeight("140px");
        restart.setValue(ContainerSpec.RestartPolicy.Kind.UNLESS_STOPPED);
        disk.setPlaceholder("10");
        disk.setMin(1);
        addClassName("fields");
        add(ports, env, command, restart, disk);
    }

    /** A choice of what happens when a container ends by itself. */
    static ComboBox<ContainerSpec.RestartPolicy.Kind> restartPolicies() {
        ComboBox<ContainerSpec.RestartPolicy.Kind> policies = new ComboBox<>("When it ends by itself");
        policies.setItems(ContainerSpec.RestartPolicy.Kind.values());
        policies.setItemLabelGenerator(ContainerFields::label);
        return policies;
    }

    private static String label(ContainerSpec.RestartPolicy.Kind kind) {
        return switch (kind) {
            case NO -> "it stays stopped";
            case ON_FAILURE -> "it is started again after a failure";
            case ALWAYS -> "it is always started again";
            case UNLESS_STOPPED -> "it is started again unless it was stopped";
        };
    }

    /** A request with these fields. */
    NewInstance complete(Map<String, ? extends @Nullable Object> basics) {
        Map<String, @Nullable Object> fields = new HashMap<>(basics);
        fields.put("kind", InstanceKind.CONTAINER);
        List<PublishedPort> published = published(ports.getValue());
        fields.put("publish", published.isEmpty() ? null : published);
        List<String> variables = env.getValue()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        fields.put("env", variables.isEmpty() ? null : variables);
        String words = command.getValue().strip();
        fields.put("command", words.isEmpty() ? null : List.of("/bin/sh", "-c", words));
        fields.put("restart", Map.of("policy", restart.getValue()));
        fields.put("diskSize", disk.getValue() == null ? null : DataSize.ofGibibytes(disk.getValue()));
        return NewInstance.of(fields);
    }

    private static List<PublishedPort> published(String text) {
        return Pattern.compile("[,\\s]+")
                .splitAsStream(text.strip())
                .filter(word -> !word.isEmpty())
                .map(ContainerFields::port)
                .toList();
    }

    private static PublishedPort port(String word) {
        Matcher matcher = PORT.matcher(word);
        if (!matcher.matches()) {
            throw BerthException.invalid(
                    "/publish", "'" + word + "' is no published port; write 8080:80 or 53:53/udp.");
        }
        return new PublishedPort(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                "/udp".equals(matcher.group(3)) ? Publication.Protocol.UDP : Publication.Protocol.TCP,
                null);
    }
}
