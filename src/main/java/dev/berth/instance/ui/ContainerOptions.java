package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.ContainerSpec.NetworkMode;
import dev.berth.driver.ContainerSpec.RestartPolicy;
import dev.berth.instance.NewContainer.NewMount;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Words;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a container that most people never need. Empty means the default, which often is what the image says. */
class ContainerOptions extends Div {
    private static final long serialVersionUID = 1L;
    private static final String AS_IMAGE = "as the image says";
    private final IntegerField cpus = number("vCPUs", "as the size says");
    private final IntegerField memory = number("Memory in MiB", "as the size says");
    private final IntegerField disk = number("Limit of what it writes, in GiB", "10");
    private final IntegerField swap = number("Swap beyond its memory, in MiB", "none");
    private final IntegerField pids = number("Most processes and threads", "4096");
    private final TextField entrypoint = text("Entry point", AS_IMAGE);
    private final TextField user = text("User", AS_IMAGE);
    private final TextField directory = text("Working directory", AS_IMAGE);
    private final TextField signal = text("Stop signal", AS_IMAGE);
    private final Select<NetworkMode> network = new Select<>();
    private final TextField health = text("Health check", AS_IMAGE);
    private final TextArea tmpfs = new TextArea("File systems in memory");
    private final TextArea hosts = new TextArea("Further hosts");
    private final TextField dropped = text("Capabilities to drop", "ALL, or NET_RAW CHOWN");
    private final TextField added = text("Capabilities to add", "none");
    private final Checkbox readOnly = new Checkbox("Its root file system is read-only");
    private final Checkbox tty = new Checkbox("Its process gets a terminal");
    private final Checkbox stdin = new Checkbox("Those who attach can type");
    private final Checkbox remove = new Checkbox("Delete it when its process has ended");
    private final Checkbox protect = new Checkbox("Protect from deletion");

    ContainerOptions() {
        addClassNames("fields", "pairs");
        network.setLabel("Network");
        network.setItems(NetworkMode.values());
        network.setItemLabelGenerator(ContainerOptions::label);
        network.setValue(NetworkMode.BRIDGE);
        tmpfs.setPlaceholder("/run:64");
        tmpfs.setMaxHeight("120px");
        hosts.setPlaceholder("10.0.0.5 db.example");
        hosts.setMaxHeight("120px");
        entrypoint.setHelperText("Replaces the image's command, too");
        health.setHelperText("A command that succeeds while it works");
        tmpfs.setHelperText("Path, a colon, MiB; one on each line");
        hosts.setHelperText("Address and name; one on each line");
        added.setHelperText("If the policy allows them");
        add(cpus, memory, disk, swap, pids, entrypoint, user, directory, signal, network, health, tmpfs, hosts);
        add(dropped, added, readOnly, tty, stdin, remove, protect);
    }

    private static IntegerField number(String label, String placeholder) {
        IntegerField field = new IntegerField(label);
        field.setPlaceholder(placeholder);
        field.setMin(1);
        return field;
    }

    private static TextField text(String label, String placeholder) {
        TextField field = new TextField(label);
        field.setPlaceholder(placeholder);
        return field;
    }

    private static String label(NetworkMode mode) {
        return switch (mode) {
            case BRIDGE -> "the project's network";
            case HOST -> "the node's own, if the policy allows";
            case NONE -> "none";
        };
    }

    /** File systems in memory, which are mounts as volumes are. */
    List<NewMount> tmpfs() {
        return Mounts.tmpfs(tmpfs.getValue());
    }

    /** Puts what was filled in into a request. */
    void into(Map<String, @Nullable Object> fields) {
        if (cpus.getValue() != null) {
            fields.put("cpus", cpus.getValue());
        }
        if (memory.getValue() != null) {
            fields.put("memory", DataSize.ofMebibytes(memory.getValue()));
        }
        fields.put("diskSize", disk.getValue() == null ? null : DataSize.ofGibibytes(disk.getValue()));
        fields.put("entrypoint", words(entrypoint, "/entrypoint"));
        fields.put("user", given(user));
        fields.put("workingDirectory", given(directory));
        fields.put("stopSignal", given(signal));
        fields.put("networkMode", network.getValue() == NetworkMode.BRIDGE ? null : network.getValue());
        List<String> check = words(health, "/health/command");
        fields.put("health", check == null ? null : Map.of("command", check));
        Map<String, String> known = Hosts.parse(hosts.getValue());
        fields.put("extraHosts", known.isEmpty() ? null : known);
        fields.put("limits", limits());
        fields.put("security", security());
        fields.put("tty", tty.getValue() ? true : null);
        fields.put("stdin", stdin.getValue() ? true : null);
        fields.put("deletionProtection", protect.getValue() ? true : null);
        if (remove.getValue()) {
            fields.put("removeOnExit", true);
            fields.put("restart", Map.of("policy", RestartPolicy.Kind.NO));
        }
    }

    private static @Nullable String given(TextField field) {
        String text = field.getValue().strip();
        return text.isEmpty() ? null : text;
    }

    private static @Nullable List<String> words(TextField field, String pointer) {
        return ContainerFields.unlessEmpty(Words.split(field.getValue(), pointer));
    }

    private @Nullable Map<String, Object> limits() {
        Map<String, Object> limits = new HashMap<>();
        if (pids.getValue() != null) {
            limits.put("pids", pids.getValue());
        }
        if (swap.getValue() != null) {
            limits.put("swap", DataSize.ofMebibytes(swap.getValue()));
        }
        return limits.isEmpty() ? null : limits;
    }

    private @Nullable Map<String, Object> security() {
        Map<String, Object> security = new HashMap<>();
        if (readOnly.getValue()) {
            security.put("readOnlyRoot", true);
        }
        capabilities(security, "dropCapabilities", dropped);
        capabilities(security, "addCapabilities", added);
        return security.isEmpty() ? null : security;
    }

    private static void capabilities(Map<String, Object> security, String name, TextField field) {
        List<String> all = Capabilities.parse(field.getValue(), "/security/" + name);
        if (!all.isEmpty()) {
            security.put(name, all);
        }
    }
}
