package dev.berth.image;

import dev.berth.node.Nodes;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** {@code image.delete}: removes an image that no disk is linked to. */
@ApplicationScoped
class DeleteImage implements OperationType<DeleteImage.Parameters> {
    private final Nodes nodes;
    private final ImageStore store;

    DeleteImage(Nodes nodes, ImageStore store) {
        this.nodes = nodes;
        this.store = store;
    }

    /** Which image. */
    record Parameters(UUID node, UUID image, String actor) {}

    @Override
    public String name() {
        return "image.delete";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean cancelable() {
        return false;
    }

    @Override
    public List<Step<Parameters>> steps(Parameters parameters) {
        return List.of(Step.of(
                "delete", (p, context) -> nodes.drivers(p.node()).images().deleteImage(p.image())));
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        if (operation.state() == OperationState.SUCCEEDED) {
            store.delete(p.image(), p.actor());
        } else {
            store.find(p.image()).ifPresent(image -> store.state(image, Image.State.READY, p.actor()));
        }
    }
}
