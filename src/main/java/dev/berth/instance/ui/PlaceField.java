package dev.berth.instance.ui;

import com.vaadin.flow.component.select.Select;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.NodeFacts;
import dev.berth.image.Image;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A choice of the node that an instance is made on; empty to leave it to Berth. It is not there while there is nothing to
 * choose. A node that cannot take the instance is shown with the reason.
 */
class PlaceField extends Select<Node> {
    private static final long serialVersionUID = 1L;
    private static final String AUTOMATIC = "Automatic";
    private final transient Nodes nodes;
    private final transient List<Node> all;
    private InstanceKind kind = InstanceKind.VM;
    private transient @Nullable Image image;

    PlaceField(Nodes nodes) {
        this.nodes = nodes;
        this.all = nodes.list();
        setLabel("Node");
        setEmptySelectionAllowed(true);
        setEmptySelectionCaption(AUTOMATIC);
        setItemLabelGenerator(node -> node == null ? AUTOMATIC : label(node));
        setItemEnabledProvider(node -> node == null || whyNot(node).isEmpty());
        setItems(all);
        setVisible(all.size() > 1);
        addValueChangeListener(change -> explain());
    }

    /**
     * Shows what can be chosen for an instance.
     *
     * @param madeOf an image of a store; null for one that is pulled, and for none
     */
    void suit(InstanceKind wanted, @Nullable Image madeOf) {
        kind = wanted;
        image = madeOf;
        Node chosen = getValue();
        setItems(all);
        setValue(chosen == null || !whyNot(chosen).isEmpty() ? null : chosen);
        explain();
    }

    private String label(Node node) {
        List<String> words = new ArrayList<>(whyNot(node));
        if (!node.connected()) {
            words.addFirst("away");
        }
        return words.isEmpty() ? node.name() : node.name() + " (" + String.join(", ", words) + ")";
    }

    private List<String> whyNot(Node node) {
        List<String> reasons = new ArrayList<>();
        if (image != null && !image.node().equals(node.id())) {
            reasons.add("has not got the image");
        }
        NodeFacts facts = node.facts();
        if (facts != null && facts.drivers().stream().noneMatch(this::runs)) {
            reasons.add(
                    switch (kind) {
                        case VM -> "runs no virtual machines";
                        case CONTAINER -> "runs no containers";
                    });
        }
        return reasons;
    }

    private boolean runs(NodeFacts.DriverFacts driver) {
        return driver.capabilities().kinds().contains(kind) && driver.problem().isEmpty();
    }

    private void explain() {
        if (!isVisible()) {
            return;
        }
        Node chosen = getValue();
        if (chosen == null) {
            setHelperText(
                    image == null
                            ? "The first that answers: " + nodes.choose().name()
                            : "Where the image is: " + name(image));
        } else {
            setHelperText(chosen.connected() ? "" : "It does not answer now; what is made there waits for it");
        }
    }

    private String name(Image stored) {
        return all.stream()
                .filter(node -> node.id().equals(stored.node()))
                .map(this::label)
                .findFirst()
                .orElse("");
    }

    /** As a request names the node; null for any. */
    @Nullable
    String chosen() {
        Node node = getValue();
        return node == null ? null : node.name();
    }
}
