package dev.berth.instance.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextArea;
import dev.berth.driver.ContainerSpec.HealthCheck;
import dev.berth.driver.OciDetails;
import dev.berth.ui.RefusedFields;
import dev.berth.ui.Words;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a container is found to work or not. */
class HealthSection extends ConfigurationSection {
    private static final long serialVersionUID = 1L;
    private final transient List<String> before;
    private final boolean wasOff;
    private final TextArea command;
    private final Checkbox off = new Checkbox("Nothing is checked, whatever its image says");
    private final IntegerField interval;
    private final IntegerField timeout;
    private final IntegerField retries;
    private final IntegerField startPeriod;
    private final transient Map<String, Integer> numbers;

    HealthSection(@Nullable HealthCheck check, OciDetails.@Nullable Config image) {
        super("Health check", "A command inside that succeeds while the container works.");
        HealthCheck declared = image == null ? null : image.health();
        before = check == null ? List.of() : check.command();
        command = area(
                "Health check command",
                Words.join(before),
                fromImage(declared == null ? null : Words.join(declared.command()), "wget -qO- http://127.0.0.1/"));
        command.setHelperText(declared == null ? "Empty: nothing is checked" : "Empty: as its image says");
        wasOff = declared != null && check == null;
        off.setValue(wasOff);
        off.setVisible(declared != null);
        interval = seconds("Interval, in seconds", check == null ? null : check.interval(), 30);
        timeout = seconds("Longest run, in seconds", check == null ? null : check.timeout(), 30);
        startPeriod = seconds("Start period, in seconds", check == null ? null : check.startPeriod(), 0);
        startPeriod.setHelperText("Failures in it do not count");
        retries = new IntegerField("Unhealthy after");
        retries.setPlaceholder("3");
        retries.setHelperText("Failures in a row");
        retries.setValue(check == null ? null : check.retries());
        numbers = numbers();
        Div pairs = new Div(interval, timeout, retries, startPeriod);
        pairs.addClassNames("fields", "pairs");
        add(command, off, pairs);
    }

    private static IntegerField seconds(String label, @Nullable Duration value, int usual) {
        IntegerField field = new IntegerField(label);
        field.setPlaceholder(Integer.toString(usual));
        field.setValue(value == null ? null : (int) value.toSeconds());
        return field;
    }

    private Map<String, Integer> numbers() {
        Map<String, Integer> given = new HashMap<>();
        Map.of("interval", interval, "timeout", timeout, "retries", retries, "startPeriod", startPeriod)
                .forEach((name, field) -> {
                    if (field.getValue() != null) {
                        given.put(name, field.getValue());
                    }
                });
        return given;
    }

    @Override
    void into(Map<String, @Nullable Object> change) {
        List<String> words = Words.split(command.getValue(), "/health/command");
        Map<String, Integer> now = numbers();
        if (off.getValue()) {
            if (!wasOff) {
                change.put("health", Map.of("command", List.of()));
            }
        } else if (words.isEmpty()) {
            if (wasOff || !before.isEmpty()) {
                change.put("health", null);
            }
        } else if (!words.equals(before) || !now.equals(numbers)) {
            Map<String, Object> health = new HashMap<>(now);
            health.put("command", words);
            change.put("health", health);
        }
    }

    @Override
    void register(RefusedFields fields) {
        fields.with("/health", command)
                .with("/health/interval", interval)
                .with("/health/timeout", timeout)
                .with("/health/retries", retries)
                .with("/health/startPeriod", startPeriod);
    }
}
