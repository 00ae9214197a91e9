package dev.berth.instance;

import dev.berth.node.Nodes;
import dev.berth.operation.Operations;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;

/** Keeps a node that has instances from being forgotten, or forgets them with it. */
@ApplicationScoped
class ForgottenNodes {
    private final InstanceStore store;
    private final Operations operations;
    private final DeleteInstance deletion;

    ForgottenNodes(InstanceStore store, Operations operations, DeleteInstance deletion) {
        this.store = store;
        this.operations = operations;
        this.deletion = deletion;
    }

    /** Before volumes and images, which are used by instances. */
    void removed(@Observes @Priority(1000) Nodes.Removal removal) {
        List<UUID> instances = store.ofNode(removal.node().id());
        removal.holds(instances.size(), "instances");
        String actor = removal.caller().name();
        for (UUID id : instances) {
            operations.abandonAllOf(id, actor);
            store.lock(id).ifPresent(instance -> deletion.forget(instance, true, actor));
        }
    }
}
