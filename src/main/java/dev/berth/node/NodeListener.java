package dev.berth.node;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.NodeDrivers;
import dev.berth.driver.ObservedState;
import dev.berth.driver.Sample;
import java.util.List;
import java.util.UUID;

/** What a feature may learn from nodes; CDI beans. Calls come on threads of the node and may block only that node. */
public interface NodeListener {
    /** The node answers (again). An exception makes the watcher try again. */
    default void connected(UUID node, NodeDrivers drivers) {}

    default void disconnected(UUID node, String reason) {}

    default void event(UUID node, DriverEvent event) {}

    /** Everything that the node's drivers know, after connecting, after lost events and now and then. */
    default void swept(UUID node, List<ObservedState> states) {}

    /** Counters of all running instances, every few seconds. */
    default void sampled(UUID node, List<Sample> samples) {}
}
