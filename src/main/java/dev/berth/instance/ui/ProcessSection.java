package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.OciDetails;
import dev.berth.driver.ProcessSpec;
import dev.berth.ui.RefusedFields;
import dev.berth.ui.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a container, and with which environment. A container keeps its entry point and its command as one line; they
 * are shown apart where the line begins with the entry point of the image, and as an entry point of its own where it does not.
 */
class ProcessSection extends ConfigurationSection {
    private static final long serialVersionUID = 1L;
    private final transient ProcessSpec process;
    private final transient OciDetails.@Nullable Config image;
    private final transient Map<String, String> variables;
    private final transient Map<String, String> ofSeveralLines = new LinkedHashMap<>();
    private final TextArea entrypoint;
    private final TextArea command;
    private final TextArea env;
    private final TextField user = new TextField("User");
    private final TextField directory = new TextField("Working directory");
    private final TextField signal = new TextField("Stop signal");
    private final Checkbox tty = new Checkbox("It gets a terminal");
    private final Checkbox stdin = new Checkbox("Those who attach can type");

    /**
     * A form.
     *
     * @param image what the container's image says; null where nobody knows it any more
     */
    ProcessSection(ProcessSpec process, OciDetails.@Nullable Config image) {
        super(
                "Process",
                "What the container runs. Arguments are separated by spaces, with quotes as a shell has them.");
        this.process = process;
        this.image = image;
        List<String> first = image == null ? List.of() : image.entrypoint();
        int begins = process.args().size() >= first.size()
                        && process.args().subList(0, first.size()).equals(first)
                ? first.size()
                : process.args().size();
        List<String> rest = process.args().subList(begins, process.args().size());
        List<String> usual = image == null || rest.isEmpty() ? List.of() : image.cmd();
        entrypoint = area(
                "Entry point", Words.join(process.args().subList(0, begins)), fromImage(Words.join(first), "none"));
        command = area("Command", Words.join(rest), fromImage(Words.join(usual), "none"));
        variables = Variables.beyond(image == null ? List.of() : image.env(), process.env());
        variables.entrySet().stream()
                .filter(variable -> !Variables.isLine(variable))
                .forEach(variable -> ofSeveralLines.put(variable.getKey(), variable.getValue()));
        env = area("Environment, NAME=value on each line", Variables.text(variables), "LANG=C.UTF-8");
        explain(image);
        fill(image);
        Div pairs = new Div(user, directory, signal, new Div(tty, stdin));
        pairs.addClassNames("fields", "pairs");
        add(entrypoint, command, env, pairs);
    }

    private void explain(OciDetails.@Nullable Config image) {
        if (image != null) {
            entrypoint.setHelperText(says(image.entrypoint()));
            command.setHelperText(says(image.cmd()));
        }
        List<String> names = image == null
                ? List.of()
                : image.env().stream()
                        .map(line -> line.substring(0, Math.max(0, line.indexOf('='))))
                        .toList();
        String given = names.isEmpty() ? "" : "Beyond what its image sets: " + String.join(", ", names) + ". ";
        String kept = ofSeveralLines.isEmpty()
                ? ""
                : "Kept as they are, because they have several lines: " + String.join(", ", ofSeveralLines.keySet());
        env.setHelperText(given + kept);
    }

    private static String says(List<String> words) {
        return words.isEmpty() ? "Its image has none" : "Its image says: " + Words.join(words);
    }

    private void fill(OciDetails.@Nullable Config image) {
        user.setPlaceholder(fromImage(image == null ? null : image.user(), "root"));
        user.setValue(Objects.requireNonNullElse(process.user(), ""));
        directory.setPlaceholder(fromImage(image == null ? null : image.workingDirectory(), "/"));
        directory.setValue(Objects.requireNonNullElse(process.workingDirectory(), ""));
        signal.setPlaceholder(fromImage(image == null ? null : image.stopSignal(), "SIGTERM"));
        signal.setValue(Objects.requireNonNullElse(process.stopSignal(), ""));
        tty.setValue(process.tty());
        stdin.setValue(process.stdin());
    }

    @Override
    void into(Map<String, @Nullable Object> change) {
        List<String> first = Words.split(entrypoint.getValue(), "/entrypoint");
        List<String> rest = Words.split(command.getValue(), "/command");
        List<String> args = new ArrayList<>(first);
        args.addAll(rest);
        if (!args.equals(process.args())) {
            boolean imagesOwn = first.isEmpty() || image != null && first.equals(image.entrypoint());
            change.put("entrypoint", imagesOwn ? null : first);
            change.put("command", rest.isEmpty() ? null : rest);
        }
        Map<String, String> wanted = new LinkedHashMap<>(ofSeveralLines);
        wanted.putAll(Variables.parse(env.getValue()));
        if (!wanted.equals(variables)) {
            change.put("env", wanted.isEmpty() ? null : wanted);
        }
        text(change, "user", process.user(), user.getValue());
        text(change, "workingDirectory", process.workingDirectory(), directory.getValue());
        text(change, "stopSignal", process.stopSignal(), signal.getValue());
        if (tty.getValue() != process.tty()) {
            change.put("tty", tty.getValue());
        }
        if (stdin.getValue() != process.stdin()) {
            change.put("stdin", stdin.getValue());
        }
    }

    @Override
    void register(RefusedFields fields) {
        fields.with("/entrypoint", entrypoint)
                .with("/command", command)
                .with("/env", env)
                .with("/user", user)
                .with("/workingDirectory", directory)
                .with("/stopSignal", signal);
    }
}
