package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import dev.berth.driver.ContainerSpec;
import dev.berth.instance.InstanceView;
import dev.berth.ui.Badge;
import dev.berth.ui.Facts;
import dev.berth.ui.Formats;
import dev.berth.ui.Steady;
import java.util.List;

/** What a container's health check is, and what it says. */
class HealthCard extends Div {
    private static final long serialVersionUID = 1L;
    private final Div content = new Div();

    HealthCard() {
        addClassName("card");
        add(new H3("Health check"), content);
    }

    void show(InstanceView instance, ContainerSpec spec) {
        Steady.show(content, List.of(facts(instance, spec)));
    }

    private static Component facts(InstanceView instance, ContainerSpec spec) {
        ContainerSpec.HealthCheck check = spec.health();
        if (check == null) {
            Span none = new Span("None: neither its image nor whoever made it gave one.");
            none.addClassName("quiet");
            return none;
        }
        Component state =
                Wellbeing.healthBadge(instance).orElseGet(() -> new Badge("not checked now", Badge.Tone.PLAIN));
        return new Facts()
                .with("Says", state)
                .with("Command", String.join(" ", check.command()))
                .with("Every", Formats.span(check.interval()) + ", for at most " + Formats.span(check.timeout()))
                .with("Unhealthy after", check.retries() + " failures in a row")
                .with("Start period", Formats.span(check.startPeriod()));
    }
}
