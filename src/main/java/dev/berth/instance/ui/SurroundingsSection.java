package dev.berth.instance.ui;

import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ContainerSpec.Ulimit;
import dev.berth.ui.RefusedFields;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a container finds around its process: its own name, those of others, and the limits of each process. */
class SurroundingsSection extends ConfigurationSection {
    private static final long serialVersionUID = 1L;
    private final transient ContainerSpec spec;
    private final TextField hostname = new TextField("Host name");
    private final TextArea hosts;
    private final TextArea ulimits;

    SurroundingsSection(String name, ContainerSpec spec) {
        super(
                "Names and limits of each process",
                "What it may use as a whole, and whether it starts again by itself, stands under Limits.");
        this.spec = spec;
        hostname.setPlaceholder(name);
        hostname.setValue(Objects.requireNonNullElse(spec.hostname(), ""));
        hosts = area("Further hosts", Hosts.text(spec.extraHosts()), "10.0.0.5 db.example");
        hosts.setHelperText("Address and name; one on each line");
        ulimits = area("Limits of each process", Ulimits.text(spec.limits().ulimits()), "nofile=1024:4096");
        ulimits.setHelperText("Soft and hard limit; one on each line, for example core=unlimited");
        add(hostname, hosts, ulimits);
    }

    @Override
    void into(Map<String, @Nullable Object> change) {
        text(change, "hostname", spec.hostname(), hostname.getValue());
        Map<String, String> known = Hosts.parse(hosts.getValue());
        if (!known.equals(spec.extraHosts())) {
            change.put("extraHosts", known);
        }
        List<Ulimit> limits = Ulimits.parse(ulimits.getValue());
        if (!limits.equals(spec.limits().ulimits())) {
            change.put("limits", Map.of("ulimits", limits));
        }
    }

    @Override
    void register(RefusedFields fields) {
        fields.with("/hostname", hostname).with("/extraHosts", hosts).with("/limits/ulimits", ulimits);
    }
}
