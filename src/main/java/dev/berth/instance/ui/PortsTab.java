package dev.berth.instance.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.instance.PublishedPort;
import dev.berth.ui.Actions;
import dev.berth.ui.LiveUpdates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ports of the node that lead to an instance; they open and close at once, without a restart. */
class PortsTab extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Instances instances;
    private final transient Changing changing;
    private final UUID id;
    private final transient Redraw redraw;
    private final PortForm form = new PortForm();
    private final Button publish = Actions.text(VaadinIcon.PLUS, "Publish", "", this::publish);
    private final Grid<PublishedPort> grid = new Grid<>();
    private String whyNot = "";

    /**
     * A tab.
     *
     * @param node the node's address; null where it stands beside the controller
     */
    PortsTab(Instances instances, InstanceChanges changes, LiveUpdates live, UUID id, @Nullable String node) {
        this.instances = instances;
        this.changing = new Changing(instances, changes, id);
        this.id = id;
        this.redraw = new Redraw(instances, id, this::draw);
        addClassName("panel");
        publish.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Div bar = new Div(form, publish);
        bar.addClassName("bar");
        columns(node);
        grid.setSizeFull();
        grid.setEmptyStateText("No port leads to it yet. Publish one to reach it from outside of its network.");
        add(bar, grid);
        redraw.ifChanged();
        live.follow(this, event -> event.subject().id().equals(id), false, redraw::ifChanged);
    }

    private void columns(@Nullable String node) {
        grid.addComponentColumn(port -> new PortLink(port, node))
                .setHeader("Reached at")
                .setFlexGrow(3);
        grid.addColumn(port -> port.address() == null
                        ? "all addresses"
                        : port.address().value())
                .setHeader("On")
                .setFlexGrow(2);
        grid.addColumn(port -> "port " + PortLink.inside(port) + " inside")
                .setHeader("Leads to")
                .setFlexGrow(2);
        grid.addComponentColumn(
                        port -> Actions.icon(VaadinIcon.TRASH, "Close port " + port.host(), whyNot, () -> close(port)))
                .setWidth("70px")
                .setFlexGrow(0);
    }

    private void draw(InstanceView instance) {
        whyNot = whyNot(instance);
        Actions.explain(publish, whyNot);
        grid.setItems(instance.publish());
    }

    private static String whyNot(InstanceView instance) {
        boolean alone = instance.nics().stream().noneMatch(nic -> nic.address() != null);
        return alone ? "it has no interface in a network of its own" : Verbs.whyNotChange(instance);
    }

    private void publish() {
        List<PublishedPort> ports = new ArrayList<>(instances.require(id).publish());
        form.wanted().ifPresent(port -> {
            ports.add(port);
            if (form.explain(ports.size() - 1, () -> changing.submit(Map.of("publish", ports)))) {
                form.clear();
                redraw.ifChanged();
            }
        });
    }

    private void close(PublishedPort port) {
        List<PublishedPort> ports = new ArrayList<>(instances.require(id).publish());
        ports.remove(port);
        changing.submit(Map.of("publish", ports));
        redraw.ifChanged();
    }
}
