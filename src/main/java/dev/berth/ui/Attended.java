package dev.berth.ui;

import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.UI;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Operations whose end an open dialog of a page tells by itself; nobody else has to. */
public final class Attended {
    private final Set<UUID> operations = new HashSet<>();

    private Attended() {}

    private static Attended of(UI ui) {
        Attended known = ComponentUtil.getData(ui, Attended.class);
        if (known != null) {
            return known;
        }
        Attended fresh = new Attended();
        ComponentUtil.setData(ui, Attended.class, fresh);
        return fresh;
    }

    public static void attend(UI ui, UUID operation) {
        of(ui).operations.add(operation);
    }

    public static void leave(UI ui, UUID operation) {
        of(ui).operations.remove(operation);
    }

    public static boolean is(UI ui, UUID operation) {
        return of(ui).operations.contains(operation);
    }
}
