package dev.berth.image;

import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageSource;
import dev.berth.driver.StoredImage;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.operation.StepContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** {@code image.import}: brings an image into a node's store; a failed import leaves neither row nor file. */
@ApplicationScoped
class ImportImage implements OperationType<ImportImage.Parameters> {
    private final Nodes nodes;
    private final ImageStore store;
    private final Uploads uploads;
    private final Registries registries;

    ImportImage(Nodes nodes, ImageStore store, Uploads uploads, Registries registries) {
        this.nodes = nodes;
        this.store = store;
        this.uploads = uploads;
        this.registries = registries;
    }

    /** What is imported where. */
    record Parameters(UUID node, ImageImport request, String actor) {}

    @Override
    public String name() {
        return "image.import";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public List<Step<Parameters>> steps(Parameters parameters) {
        return List.of(Step.of("import", this::bringIn, this::remove));
    }

    private void bringIn(Parameters p, StepContext context) {
        ImageImport request = p.request();
        ImageImport complete = new ImageImport(
                request.id(), registries.withLogin(request.source()), request.sha256(), request.maxBytes());
        StoredImage stored = nodes.drivers(p.node()).images().importImage(complete, context.progress());
        store.ready(stored, p.actor());
        if (p.request().source() instanceof ImageSource.Upload upload) {
            uploads.forget(upload.upload());
        }
    }

    private void remove(Parameters p, StepContext context) {
        nodes.drivers(p.node()).images().deleteImage(p.request().id());
        if (p.request().source() instanceof ImageSource.Upload upload) {
            nodes.drivers(p.node()).images().dropUpload(upload.upload());
            uploads.forget(upload.upload());
        }
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        if (p.request().source() instanceof ImageSource.Upload upload) {
            uploads.ended(upload.upload());
        }
        if (operation.state() != OperationState.SUCCEEDED) {
            store.delete(p.request().id(), p.actor());
        }
    }
}
