package dev.berth.driver.lxc;

import dev.berth.driver.ObservedState;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the health checks of running containers say at present. */
final class HealthStates {
    private final Map<UUID, ObservedState.Health> states = new ConcurrentHashMap<>();

    ObservedState.@Nullable Health of(UUID id) {
        return states.get(id);
    }

    /** Whether that is news. */
    boolean set(UUID id, ObservedState.Health state) {
        return states.put(id, state) != state;
    }

    void forget(UUID id) {
        states.remove(id);
    }
}
