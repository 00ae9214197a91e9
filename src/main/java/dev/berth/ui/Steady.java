package dev.berth.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import java.util.List;

/**
 * Shows parts that are made anew with each change, and leaves those in place that look as before: what somebody has selected
 * there, or is just clicking on, stays.
 */
public final class Steady {
    private Steady() {}

    /** Makes a box have these parts, in this order. */
    public static void show(Div box, List<? extends Component> parts) {
        List<Component> shown = box.getChildren().toList();
        for (int i = 0; i < parts.size(); i++) {
            if (i >= shown.size()) {
                box.add(parts.get(i));
            } else if (!looks(shown.get(i)).equals(looks(parts.get(i)))) {
                box.replace(shown.get(i), parts.get(i));
            }
        }
        shown.stream().skip(parts.size()).forEach(box::remove);
    }

    private static String looks(Component part) {
        return part.getElement().getOuterHTML();
    }
}
