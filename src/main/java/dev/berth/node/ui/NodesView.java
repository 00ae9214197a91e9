package dev.berth.node.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.dom.Element;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.berth.access.Caller;
import dev.berth.access.Roles;
import dev.berth.driver.NodeFacts;
import dev.berth.driver.NodeUsage;
import dev.berth.kernel.DataSize;
import dev.berth.network.NetworkView;
import dev.berth.network.Networks;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import dev.berth.ui.Actions;
import dev.berth.ui.Badge;
import dev.berth.ui.Card;
import dev.berth.ui.ConfirmByName;
import dev.berth.ui.Facts;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.MainLayout;
import dev.berth.ui.Meter;
import dev.berth.ui.Steady;
import dev.berth.ui.Viewer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What each node is, how busy, and what an administrator should know. */
@Route(value = "nodes", layout = MainLayout.class)
@PageTitle("Nodes · Berth")
class NodesView extends Div {
    private static final long serialVersionUID = 1L;
    private final transient Nodes nodes;
    private final transient Networks networks;
    private final Div content = new Div();
    private final Map<UUID, Div> cards = new HashMap<>();

    NodesView(Nodes nodes, Networks networks, LiveUpdates live) {
        this.nodes = nodes;
        this.networks = networks;
        addClassName("view");
        add(new H2("Nodes"), content);
        refresh();
        live.follow(this, event -> event.type().startsWith("node."), true, this::refresh);
    }

    private void refresh() {
        List<NetworkView> all = networks.views();
        List<Div> boxes = new ArrayList<>();
        for (Node node : nodes.list()) {
            Div box = cards.computeIfAbsent(node.id(), id -> box());
            Steady.show(
                    box,
                    cards(
                            node,
                            all.stream()
                                    .filter(network -> network.node().equals(node.id()))
                                    .toList()));
            boxes.add(box);
        }
        if (!content.getChildren().toList().equals(boxes)) {
            content.removeAll();
            boxes.forEach(content::add);
        }
    }

    private static Div box() {
        Div box = new Div();
        box.addClassName("cards");
        return box;
    }

    private List<Card> cards(Node node, List<NetworkView> here) {
        List<Card> list = new ArrayList<>();
        Card card = new Card(node.name(), facts(node));
        if (!nodes.linked(node)) {
            String whyNot = Viewer.may(Roles.ADMIN) ? "" : "needs the role admin";
            card.add(Actions.text(VaadinIcon.TRASH, "Forget node", whyNot, () -> forget(node)));
        }
        list.add(card);
        NodeUsage usage = node.usage();
        if (usage != null) {
            list.add(new Card("Usage", usage(usage)));
        }
        NodeFacts facts = node.facts();
        if (facts != null) {
            Card accelerator = new Card("Accelerator");
            accelerator.add(new Facts()
                    .with("Kind", facts.accelerator().name().toUpperCase(Locale.ROOT))
                    .with("Why", facts.accelerator().reason()));
            list.add(accelerator);
            if (!facts.notices().isEmpty()) {
                list.add(new Card(
                        "Notices",
                        facts.notices().stream().map(NodesView::notice).toArray(Component[]::new)));
            }
        }
        if (!here.isEmpty()) {
            Facts nets = new Facts();
            here.forEach(n ->
                    nets.with(n.name(), n.subnet() + ", gateway " + n.gateway() + ", " + n.used() + " addresses used"));
            list.add(new Card("Networks", nets));
        }
        return list;
    }

    private void forget(Node node) {
        Caller caller = Viewer.current().caller();
        new ConfirmByName(
                        "Forget node",
                        "All that is known of its instances, volumes and images is forgotten too. Nothing is done on the node"
                                + " itself.",
                        node.name(),
                        () -> nodes.forget(node, true, caller))
                .open();
    }

    private static Facts facts(Node node) {
        Facts list = new Facts();
        list.with(
                "State",
                node.connected() ? new Badge("connected", Badge.Tone.GOOD) : new Badge("away", Badge.Tone.BAD));
        String problem = node.problem();
        if (problem != null) {
            list.with("Problem", problem);
        }
        NodeFacts facts = node.facts();
        if (facts == null) {
            return list;
        }
        list.with("Host", facts.hostname())
                .with("Kernel", facts.kernel() + " (" + facts.architecture() + ")")
                .with("CPU", facts.cpus() + " × " + facts.cpuModel())
                .with("Memory", Formats.size(facts.memory()))
                .with("Disk", Formats.size(facts.disk()))
                .with("cgroups", facts.cgroupVersion())
                .with("Agent", facts.agentVersion());
        return list.with(
                "Drivers",
                facts.drivers().stream()
                        .map(driver -> driver.identity().name() + " "
                                + driver.identity().version())
                        .distinct()
                        .collect(Collectors.joining(", ")));
    }

    private static Facts usage(NodeUsage usage) {
        double memory = (double) usage.memoryUsed().bytes()
                / Math.max(1, usage.memoryTotal().bytes());
        double disk = (double) usage.diskUsed().bytes()
                / Math.max(1, usage.diskTotal().bytes());
        return new Facts()
                .with("CPU", new Meter(usage.cpuFraction(), Formats.percent(usage.cpuFraction())))
                .with("Memory", new Meter(memory, share(usage.memoryUsed(), usage.memoryTotal())))
                .with("Disk", new Meter(disk, share(usage.diskUsed(), usage.diskTotal())))
                .with("Load", String.format(Locale.ROOT, "%.2f", usage.load1()));
    }

    private static String share(DataSize used, DataSize total) {
        return Formats.size(used) + " of " + Formats.size(total);
    }

    private static Div notice(NodeFacts.Notice notice) {
        Div box = new Div(new Span(notice.message()));
        box.addClassNames("notice", notice.level().name().toLowerCase(Locale.ROOT));
        Element remedy = new Element("small");
        remedy.setText(notice.remedy());
        box.getElement().appendChild(remedy);
        return box;
    }
}
