package dev.berth.image;

import dev.berth.access.Caller;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageReference;
import dev.berth.driver.LayerStore;
import dev.berth.driver.OciDetails;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationRequest;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What only OCI images have: layers that they share, a registry to pull from and push to, archives to take along. */
@ApplicationScoped
public class ImageLayers {
    private final ImageStore store;
    private final Nodes nodes;
    private final Operations operations;
    private final PullImage pullImage;
    private final PushImage pushImage;
    private final Registries registries;
    private final ImageUsers users;
    private final long maxBytes;

    ImageLayers(
            ImageStore store,
            Nodes nodes,
            Operations operations,
            PullImage pullImage,
            PushImage pushImage,
            Registries registries,
            ImageUsers users,
            ImageSettings settings) {
        this.store = store;
        this.nodes = nodes;
        this.operations = operations;
        this.pullImage = pullImage;
        this.pushImage = pushImage;
        this.registries = registries;
        this.users = users;
        this.maxBytes = settings.maxBytes();
    }

    /** Another image that has a layer. */
    public record Sharer(UUID id, String name) {}

    /**
     * A layer of an image.
     *
     * @param digest of the blob as it is transferred
     * @param diffId of what is in it; layers are shared by this
     * @param size bytes of the blob
     * @param unpacked bytes in the node's store, once for all who share it
     * @param sharedWith other images on the same node that have it
     * @param containers made of the image or of one that shares the layer
     */
    public record Layer(
            String digest, String diffId, DataSize size, DataSize unpacked, List<Sharer> sharedWith, int containers) {
        public Layer {
            sharedWith = List.copyOf(sharedWith);
        }
    }

    /** What garbage collection can remove on a node, or has. */
    public record Collected(String node, List<String> layers, DataSize size) {
        public Collected {
            layers = List.copyOf(layers);
        }
    }

    private static OciDetails details(Image image) {
        OciDetails oci = image.oci();
        if (oci == null) {
            throw BerthException.of(
                    ErrorCode.UNSUPPORTED, "The image '" + image.name() + "' is no OCI image, and has no layers.");
        }
        return oci;
    }

    /** An image's layers, lowest first. */
    public List<Layer> layers(Image image) {
        Map<UUID, Integer> containers = users.containersByImage();
        List<Image> others = store.list().stream()
                .filter(other ->
                        other.node().equals(image.node()) && !other.id().equals(image.id()))
                .toList();
        return details(image).layers().stream()
                .map(layer -> {
                    List<Image> sharers = others.stream()
                            .filter(other -> has(other, layer.diffId()))
                            .toList();
                    int shared = sharers.stream()
                            .mapToInt(other -> containers.getOrDefault(other.id(), 0))
                            .sum();
                    return new Layer(
                            layer.digest(),
                            layer.diffId(),
                            new DataSize(layer.size()),
                            new DataSize(layer.unpacked()),
                            sharers.stream()
                                    .map(other -> new Sharer(other.id(), other.name()))
                                    .toList(),
                            containers.getOrDefault(image.id(), 0) + shared);
                })
                .toList();
    }

    /** How many containers are made of an image. */
    public int containers(Image image) {
        return users.containersByImage().getOrDefault(image.id(), 0);
    }

    private static boolean has(Image image, String diffId) {
        OciDetails oci = image.oci();
        return oci != null
                && oci.layers().stream().anyMatch(layer -> layer.diffId().equals(diffId));
    }

    /** Pulls an image's reference again; if that is another image now, it takes over the name. */
    @Transactional
    public OperationView pull(Image image, Caller caller) {
        String reference = details(image).reference();
        if (reference == null) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE, "The image '" + image.name() + "' did not come from a registry.");
        }
        if (image.name().contains("@")) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "The image '" + image.name() + "' was replaced by a newer one already; pull that one.");
        }
        nodes.requireLink(image.node());
        UUID fresh = Uuids.next();
        UUID operation = Uuids.next();
        store.insert(fresh, image.name() + "@" + fresh, image.node(), reference, operation, caller.name());
        ImageImport request = new ImageImport(fresh, registries.source(reference, null), null, maxBytes);
        return operations.submit(new OperationRequest<>(
                operation,
                pullImage,
                new PullImage.Parameters(image.node(), image.id(), image.name(), request, caller.name()),
                null,
                new Subject("image", image.id(), image.name()),
                "image:" + image.id(),
                caller.name()));
    }

    /** Pushes an image to a reference. */
    @Transactional
    public OperationView push(Image image, String reference, Caller caller) {
        details(image);
        if (ImageReference.parse(reference).tag() == null) {
            throw BerthException.invalid("/reference", "An image is pushed to a tag, not to a digest.");
        }
        nodes.requireLink(image.node());
        return operations.submit(new OperationRequest<>(
                Uuids.next(),
                pushImage,
                new PushImage.Parameters(image.node(), image.id(), reference),
                null,
                new Subject("image", image.id(), image.name()),
                "image:" + image.id(),
                caller.name()));
    }

    /** Writes an archive of an image on its node; read it with {@link #read}, then drop it. */
    public UUID export(Image image, LayerStore.ArchiveFormat format) {
        details(image);
        UUID export = Uuids.next();
        nodes.drivers(image.node()).layers().exportImage(image.id(), export, format, ProgressSink.NONE);
        return export;
    }

    public StoredImage.Chunk read(Image image, UUID export, long offset, int length) {
        return nodes.drivers(image.node()).layers().readExport(export, offset, length);
    }

    public void drop(Image image, UUID export) {
        nodes.drivers(image.node()).layers().dropExport(export);
    }

    /**
     * Removes layers that no image has.
     *
     * @param node where; null for every node that holds images
     */
    public List<Collected> collectGarbage(@Nullable String node, boolean dryRun) {
        List<Node> where = node == null
                ? nodes.list().stream().filter(nodes::linked).toList()
                : List.of(nodes.find(node)
                        .orElseThrow(() -> BerthException.invalid("?node", "There is no node '" + node + "'.")));
        return where.stream()
                .map(one -> {
                    LayerStore.Garbage garbage =
                            nodes.drivers(one.id()).layers().collectGarbage(dryRun);
                    return new Collected(one.name(), garbage.layers(), new DataSize(garbage.bytes()));
                })
                .toList();
    }
}
