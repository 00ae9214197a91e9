package dev.berth.image;

import dev.berth.driver.ImageImport;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.operation.StepContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code image.pull}: pulls an image's reference again. Images are immutable, so what is new becomes an image of its own that
 * takes over the name; instances keep the one that they were made of, which is removed when none has it.
 */
@ApplicationScoped
class PullImage implements OperationType<PullImage.Parameters> {
    private final Nodes nodes;
    private final ImageStore store;
    private final Registries registries;
    private final Event<Images.Removal> removal;

    PullImage(Nodes nodes, ImageStore store, Registries registries, Event<Images.Removal> removal) {
        this.nodes = nodes;
        this.store = store;
        this.registries = registries;
        this.removal = removal;
    }

    /**
     * What is pulled.
     *
     * @param old the image that has the name now
     * @param request what brings the new one in
     */
    record Parameters(UUID node, UUID old, String name, ImageImport request, String actor) {
        UUID fresh() {
            return request.id();
        }
    }

    @Override
    public String name() {
        return "image.pull";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public List<Step<Parameters>> steps(Parameters parameters) {
        return List.of(
                Step.of("pull", this::pull, this::remove),
                Step.of("replace", this::replace),
                Step.of("tidy", this::tidy));
    }

    private void pull(Parameters p, StepContext context) {
        ImageImport request = p.request();
        ImageImport complete = new ImageImport(
                request.id(), registries.withLogin(request.source()), request.sha256(), request.maxBytes());
        StoredImage stored = nodes.drivers(p.node()).images().importImage(complete, context.progress());
        store.ready(stored, p.actor());
    }

    private void remove(Parameters p, StepContext context) {
        nodes.drivers(p.node()).images().deleteImage(p.fresh());
    }

    private void replace(Parameters p, StepContext context) {
        Image old = store.find(p.old()).orElse(null);
        Image fresh = store.find(p.fresh()).orElse(null);
        if (old == null || fresh == null) {
            return;
        }
        if (String.valueOf(old.sha256()).equals(fresh.sha256())) {
            context.put("gone", p.fresh().toString());
            context.log("the registry has the same image still");
            return;
        }
        context.put("gone", p.old().toString());
        store.takeOver(fresh, old, p.name(), p.actor());
        context.log("the name is " + fresh.sha256() + " now; it was " + old.sha256());
    }

    /** Removes the one of the two that nobody needs; an old image with instances stays. */
    private void tidy(Parameters p, StepContext context) {
        Optional<Image> gone = context.get("gone").map(UUID::fromString).flatMap(store::find);
        if (gone.isEmpty()) {
            return;
        }
        if (!retire(gone.get(), p.actor())) {
            context.log("instances are made of " + gone.get().name() + "; it stays for them");
            return;
        }
        try {
            nodes.drivers(p.node()).images().deleteImage(gone.get().id());
            store.forget(gone.get().id(), p.actor());
        } catch (BerthException e) {
            store.restore(gone.get().id(), p.actor());
            throw e;
        }
    }

    /** From here on no instance can be made of it. */
    @Transactional
    boolean retire(Image image, String actor) {
        try {
            removal.fire(new Images.Removal(image));
        } catch (BerthException e) {
            if (e.code() == ErrorCode.IN_USE) {
                return false;
            }
            throw e;
        }
        store.state(image, Image.State.DELETING, actor);
        return true;
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        boolean named = store.find(p.fresh())
                .map(image -> image.name().equals(p.name()))
                .orElse(false);
        if (operation.state() != OperationState.SUCCEEDED && !named) {
            store.delete(p.fresh(), p.actor());
        }
    }
}
