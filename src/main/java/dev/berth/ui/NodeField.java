package dev.berth.ui;

import com.vaadin.flow.component.select.Select;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A choice of node. It is not there while there is nothing to choose. */
public final class NodeField extends Select<Node> {
    private static final long serialVersionUID = 1L;

    /** Begins with the node that is taken when nobody chooses. */
    public NodeField(Nodes nodes) {
        List<Node> all = nodes.list();
        setLabel("Node");
        setItems(all);
        setItemLabelGenerator(node -> node.connected() ? node.name() : node.name() + " (away)");
        setVisible(all.size() > 1);
        if (isVisible()) {
            setValue(nodes.choose());
        }
    }

    /** As a request names the node; null for any. */
    public @Nullable String chosen() {
        Node node = getValue();
        return node == null ? null : node.name();
    }
}
