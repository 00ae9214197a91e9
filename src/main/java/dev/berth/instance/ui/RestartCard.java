package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.textfield.IntegerField;
import dev.berth.driver.ContainerSpec;
import dev.berth.instance.InstanceView;
import java.util.Map;
import java.util.Objects;

/** What happens when a container's process ends by itself; it holds from its next end. */
class RestartCard extends Div {
    private static final long serialVersionUID = 1L;

    RestartCard(Changing changing, InstanceView instance, ContainerSpec spec) {
        addClassName("card");
        ContainerSpec.RestartPolicy policy = spec.restart();
        ComboBox<ContainerSpec.RestartPolicy.Kind> kind = ContainerFields.restartPolicies();
        kind.setValue(policy.kind());
        kind.setRequired(true);
        IntegerField retries = new IntegerField("Restarts in a row at most");
        retries.setPlaceholder("no limit");
        retries.setMin(0);
        retries.setValue(policy.maxRetries() == 0 ? null : policy.maxRetries());
        retries.setVisible(policy.kind() == ContainerSpec.RestartPolicy.Kind.ON_FAILURE);
        kind.addValueChangeListener(
                change -> retries.setVisible(change.getValue() == ContainerSpec.RestartPolicy.Kind.ON_FAILURE));
        Checkbox remove = new Checkbox("Delete it then", spec.removeOnExit());
        Div column = Changing.column(
                kind,
                retries,
                remove,
                changing.apply(
                        instance,
                        () -> Map.of(
                                "restart",
                                Map.of(
                                        "policy",
                                        Objects.requireNonNullElse(kind.getValue(), policy.kind()),
                                        "maxRetries",
                                        retries.isVisible() && retries.getValue() != null ? retries.getValue() : 0),
                                "removeOnExit",
                                remove.getValue())));
        add(new H3("Restart policy"), column);
    }
}
