package dev.berth.image;

import dev.berth.driver.LayerStore;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationType;
import dev.berth.operation.Step;
import dev.berth.operation.StepContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** {@code image.push}: sends an OCI image to a registry. What a cancelled push has sent stays there, without a name. */
@ApplicationScoped
class PushImage implements OperationType<PushImage.Parameters> {
    private final Nodes nodes;
    private final Registries registries;

    PushImage(Nodes nodes, Registries registries) {
        this.nodes = nodes;
        this.registries = registries;
    }

    /** What is pushed where to. */
    record Parameters(UUID node, UUID image, String reference) {}

    @Override
    public String name() {
        return "image.push";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public List<Step<Parameters>> steps(Parameters parameters) {
        return List.of(Step.of("push", this::push));
    }

    private void push(Parameters p, StepContext context) {
        LayerStore.PushResult result = nodes.drivers(p.node())
                .layers()
                .pushImage(p.image(), registries.target(p.reference()), context.progress());
        context.log("pushed " + result.digest() + ": " + result.pushedBytes() + " bytes sent, " + result.skippedBytes()
                + " were there already");
    }
}
