package dev.berth.instance.ui;

import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * How a tab is drawn: anew only when the instance was changed. Otherwise what somebody has selected there would be lost with
 * every sample and every step of an operation.
 */
final class Redraw {
    private static final long NEVER = -1;
    private final Instances instances;
    private final UUID id;
    private final Consumer<InstanceView> draw;
    private long shownVersion = NEVER;

    Redraw(Instances instances, UUID id, Consumer<InstanceView> draw) {
        this.instances = instances;
        this.id = id;
        this.draw = draw;
    }

    /** Draws the instance if it is another than what was drawn; returns it as it is now, empty if it is gone. */
    Optional<InstanceView> ifChanged() {
        Optional<InstanceView> now = instances.find(id);
        now.filter(instance -> instance.version() != shownVersion).ifPresent(instance -> {
            shownVersion = instance.version();
            draw.accept(instance);
        });
        return now;
    }

    /** Draws it because something beside it has changed. */
    void always() {
        shownVersion = NEVER;
        ifChanged();
    }
}
