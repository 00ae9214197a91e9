package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.textfield.IntegerField;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.ContainerSpec.RestartPolicy;
import dev.berth.ui.SavedFields;
import java.util.Map;
import java.util.Objects;

/** What happens when a container's process ends by itself; it holds from its next end. */
class RestartCard extends Div {
    private static final long serialVersionUID = 1L;
    private final ComboBox<RestartPolicy.Kind> kind = ContainerFields.restartPolicies();
    private final IntegerField retries = new IntegerField("Restarts in a row at most");
    private final Checkbox remove = new Checkbox("Delete it then");
    private final transient SavedFields saved = new SavedFields();
    private RestartPolicy.Kind now = RestartPolicy.Kind.NO;

    RestartCard(Changing changing) {
        addClassName("card");
        kind.setRequired(true);
        retries.setPlaceholder("no limit");
        retries.setMin(0);
        retries.setVisible(false);
        kind.addValueChangeListener(change -> retries.setVisible(change.getValue() == RestartPolicy.Kind.ON_FAILURE));
        add(new H3("Restart policy"), Changing.column(kind, retries, remove, changing.apply(this::change)));
    }

    private Map<String, ?> change() {
        int most = retries.isVisible() && retries.getValue() != null ? retries.getValue() : 0;
        RestartPolicy.Kind policy = Objects.requireNonNullElse(kind.getValue(), now);
        return Map.of("restart", Map.of("policy", policy, "maxRetries", most), "removeOnExit", remove.getValue());
    }

    void show(ContainerSpec spec) {
        RestartPolicy policy = spec.restart();
        now = policy.kind();
        saved.show(kind, now);
        saved.show(retries, policy.maxRetries() == 0 ? null : policy.maxRetries());
        saved.show(remove, spec.removeOnExit());
    }
}
