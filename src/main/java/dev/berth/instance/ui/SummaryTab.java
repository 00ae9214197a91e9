package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.dependency.NpmPackage;
import com.vaadin.flow.component.html.Div;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.Rates;
import dev.berth.node.Nodes;
import dev.berth.ui.Card;
import dev.berth.ui.Facts;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.Steady;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToDoubleFunction;

/** What an instance is, and its live rates. */
class SummaryTab extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Instances instances;
    private final transient Rates rates;
    private final transient Nodes nodes;
    private final UUID id;
    private final Div facts = new Div();
    private final Chart cpu = new Chart("CPU");
    private final Chart memory = new Chart("Memory");
    private final Chart disk = new Chart("Disk");
    private final Chart network = new Chart("Network");

    SummaryTab(Instances instances, Rates rates, Nodes nodes, LiveUpdates live, UUID id) {
        this.instances = instances;
        this.rates = rates;
        this.nodes = nodes;
        this.id = id;
        addClassNames("cards", "charts");
        Card first = new Card("Instance", facts);
        first.addClassName("tall");
        add(first);
        for (Chart chart : List.of(cpu, memory, disk, network)) {
            Div card = new Div(chart);
            card.addClassName("card");
            add(card);
        }
        addAttachListener(attached -> refresh());
        live.follow(this, event -> event.subject().id().equals(id), true, this::refresh);
    }

    private void refresh() {
        Optional<InstanceView> now = instances.find(id);
        now.ifPresent(this::show);
        List<InstanceView.Usage> points = rates.history(id);
        boolean up = now.filter(instance -> instance.state() == InstanceView.State.RUNNING)
                .isPresent();
        String why = up ? "The first samples arrive within seconds." : "Nothing to measure: it does not run.";
        List.of(cpu, memory, disk, network).forEach(chart -> chart.explainEmpty(why));
        cpu.show(points, "%", List.of("CPU"), List.of(p -> p.cpu() * 100));
        memory.show(points, "", List.of("Memory"), List.of(InstanceView.Usage::memory));
        disk.show(
                points,
                "/s",
                List.of("read", "write"),
                List.of(InstanceView.Usage::diskReadPerSecond, InstanceView.Usage::diskWritePerSecond));
        network.show(
                points,
                "/s",
                List.of("received", "sent"),
                List.of(InstanceView.Usage::networkReceivePerSecond, InstanceView.Usage::networkTransmitPerSecond));
    }

    private void show(InstanceView instance) {
        String reason = instance.reason();
        Facts list = new Facts().with("State", Verbs.badge(instance));
        if (reason != null) {
            list.with("Reason", reason);
        }
        inside(list, instance);
        list.with("Address", instance.addresses().isEmpty() ? "–" : String.join(", ", instance.addresses()))
                .with("Project", instance.projectName())
                .with("Node", instance.nodeName())
                .with("Image", Objects.requireNonNullElse(instance.imageName(), "–"))
                .with("Size", instance.cpus().value() + " vCPU, " + Formats.size(instance.memory()))
                .with("Running since", Formats.time(instance.startedAt()))
                .with("Made", Formats.time(instance.createdAt()))
                .with("Id", instance.id().toString());
        Steady.show(facts, List.of(list));
    }

    /** What not all have to tell. */
    private void inside(Facts list, InstanceView instance) {
        InstanceView.Exit exit = instance.exit();
        if (exit != null) {
            list.with("Last end", Wellbeing.ending(exit));
        }
        Wellbeing.healthBadge(instance).ifPresent(badge -> list.with("Health", badge));
        if (instance.restarts() > 0) {
            list.with("Restarts in a row", Integer.toString(instance.restarts()));
        }
        if (!instance.publish().isEmpty()) {
            list.with("Published ports", PortLink.all(instance.publish(), nodes.address(instance.node())));
        }
    }

    /** A chart of the last quarter of an hour. */
    @Tag("berth-chart")
    @NpmPackage(value = "uplot", version = "1.6.32")
    @JsModule("./berth-chart.ts")
    static final class Chart extends Component {
        private static final long serialVersionUID = 1L;

        Chart(String heading) {
            getElement().setProperty("heading", heading);
        }

        void explainEmpty(String why) {
            getElement().setProperty("empty", why);
        }

        void show(
                List<InstanceView.Usage> points,
                String unit,
                List<String> labels,
                List<ToDoubleFunction<InstanceView.Usage>> series) {
            StringBuilder json = new StringBuilder("[");
            append(json, points, point -> point.at().toEpochMilli() / 1000.0);
            for (ToDoubleFunction<InstanceView.Usage> one : series) {
                json.append(',');
                append(json, points, one);
            }
            getElement()
                    .executeJs(
                            "this.updateComplete.then(() => this.show(JSON.parse($0), $1, JSON.parse($2)))",
                            "[\"" + String.join("\",\"", labels) + "\"]",
                            unit,
                            json.append(']').toString());
        }

        private static void append(
                StringBuilder json, List<InstanceView.Usage> points, ToDoubleFunction<InstanceView.Usage> value) {
            json.append('[');
            for (int i = 0; i < points.size(); i++) {
                json.append(i == 0 ? "" : ",").append(value.applyAsDouble(points.get(i)));
            }
            json.append(']');
        }
    }
}
