package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.OciDetails;
import dev.berth.image.Image;
import dev.berth.image.Images;
import dev.berth.kernel.BerthException;
import dev.berth.operation.StepContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Completes a container whose image was not there when it was asked for: pulls the image, and draws what it says. */
@ApplicationScoped
class InstanceCompletion {
    /** Stands for what nobody knows before the image is there. */
    static final OciDetails.Config UNKNOWN = new OciDetails.Config(
            List.of(),
            List.of("as-the-image-says"),
            List.of(),
            null,
            null,
            null,
            List.of(),
            List.of(),
            Map.of(),
            null,
            false);

    private final Images images;
    private final InstanceStore store;
    private final InstanceVolumes volumes;
    private final DefinitionRules rules;

    InstanceCompletion(Images images, InstanceStore store, InstanceVolumes volumes, DefinitionRules rules) {
        this.images = images;
        this.store = store;
        this.volumes = volumes;
        this.rules = rules;
    }

    /** Pulls the image; it stays when the instance comes to nothing, as with {@code docker run}. */
    Image pull(UUID instance, String reference, String actor, StepContext context) {
        UUID node = store.find(instance)
                .orElseThrow(() -> BerthException.notFound("instance", instance))
                .node();
        return images.ensure(reference, node, actor, context.progress());
    }

    /** Writes down what request and image come to; once, however often it is called. */
    @Transactional
    void complete(UUID id, NewInstance request, Image image, UUID operation, String actor) {
        Instance drawn = store.lock(id).orElseThrow(() -> BerthException.notFound("instance", id));
        if (drawn.image() != null || !(drawn.spec() instanceof ContainerSpec before)) {
            return;
        }
        OciDetails.Config config = Blueprint.details(image).config();
        Instance known = drawn.with(draft -> {
            draft.image = image.id();
            draft.spec = ContainerBlueprint.draw(request, config, before.mounts());
            draft.disks = drawn.disks().stream().map(disk -> from(disk, image)).toList();
        });
        Instance whole = volumes.withDeclared(known, config, operation, Caller.SYSTEM);
        // What needs a permission is in the request, and was checked with it.
        rules.check(whole, null, Caller.SYSTEM);
        store.update(whole, actor);
    }

    private static DiskSpec from(DiskSpec disk, Image image) {
        return new DiskSpec(
                disk.id(), disk.name(), disk.device(), disk.size(), image.ref(), disk.cloneMode(), disk.bus());
    }
}
