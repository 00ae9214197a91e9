package dev.berth.app;

import dev.berth.node.Node;
import dev.berth.node.Nodes;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Tells of each node whether it answers. A node that is away does not make the controller unready: reads still work then, and
 * operations wait.
 */
@Readiness
@ApplicationScoped
class NodesCheck implements HealthCheck {
    private final Nodes nodes;

    NodesCheck(Nodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("nodes").up();
        for (Node node : nodes.list()) {
            response.withData(node.name(), node.connected() ? "connected" : "away");
        }
        return response.build();
    }
}
