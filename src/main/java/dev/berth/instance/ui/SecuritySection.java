package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.ContainerSpec.Security;
import dev.berth.ui.RefusedFields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a container is locked in. */
class SecuritySection extends ConfigurationSection {
    private static final long serialVersionUID = 1L;
    private static final String DROP = "dropCapabilities";
    private static final String ADD = "addCapabilities";
    private final transient Security security;
    private final Checkbox readOnly = new Checkbox("Its root file system is read-only");
    private final Checkbox noNewPrivileges = new Checkbox("Programs in it gain no privileges");
    private final TextField dropped = new TextField("Capabilities to drop");
    private final TextField added = new TextField("Capabilities to add");

    SecuritySection(Security security) {
        super("Security", "It runs without privileges on the node either way.");
        this.security = security;
        readOnly.setValue(security.readOnlyRoot());
        noNewPrivileges.setValue(security.noNewPrivileges());
        dropped.setPlaceholder("ALL, or NET_RAW CHOWN");
        dropped.setValue(Capabilities.text(security.dropCapabilities()));
        added.setPlaceholder("none");
        added.setHelperText("If the policy allows them");
        added.setValue(Capabilities.text(security.addCapabilities()));
        Div pairs = new Div(dropped, added, readOnly, noNewPrivileges);
        pairs.addClassNames("fields", "pairs");
        add(pairs);
    }

    @Override
    void into(Map<String, @Nullable Object> change) {
        Map<String, Object> now = new HashMap<>();
        if (readOnly.getValue() != security.readOnlyRoot()) {
            now.put("readOnlyRoot", readOnly.getValue());
        }
        if (noNewPrivileges.getValue() != security.noNewPrivileges()) {
            now.put("noNewPrivileges", noNewPrivileges.getValue());
        }
        capabilities(now, DROP, dropped, security.dropCapabilities());
        capabilities(now, ADD, added, security.addCapabilities());
        if (!now.isEmpty()) {
            change.put("security", now);
        }
    }

    private static void capabilities(Map<String, Object> now, String name, TextField field, List<String> before) {
        List<String> wanted = Capabilities.parse(field.getValue(), "/security/" + name);
        if (!wanted.equals(before)) {
            now.put(name, wanted);
        }
    }

    @Override
    void register(RefusedFields fields) {
        fields.with("/security/" + DROP, dropped).with("/security/" + ADD, added);
    }
}
