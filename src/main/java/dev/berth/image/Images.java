package dev.berth.image;

import dev.berth.access.Caller;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageSource;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.ResourceName;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationRequest;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All images. */
@ApplicationScoped
public class Images {
    private final ImageStore store;
    private final Nodes nodes;
    private final Operations operations;
    private final ImportImage importImage;
    private final DeleteImage deleteImage;
    private final Event<Removal> removal;
    private final ImageSources sources;
    private final long maxBytes;

    Images(
            ImageStore store,
            Nodes nodes,
            Operations operations,
            ImportImage importImage,
            DeleteImage deleteImage,
            Event<Removal> removal,
            ImageSources sources,
            ImageSettings settings) {
        this.store = store;
        this.nodes = nodes;
        this.operations = operations;
        this.importImage = importImage;
        this.deleteImage = deleteImage;
        this.removal = removal;
        this.sources = sources;
        this.maxBytes = settings.maxBytes();
    }

    /** An image is about to be removed; an observer that still uses it throws IN_USE. */
    public record Removal(Image image) {}

    public List<Image> list() {
        return store.list();
    }

    /** By id or by name. */
    public Optional<Image> find(String idOrName) {
        return store.find(idOrName);
    }

    public Image require(String idOrName) {
        return find(idOrName).orElseThrow(() -> BerthException.notFound("image", idOrName));
    }

    /** A ready image; WRONG_STATE while it is being imported or deleted. */
    public Image requireReady(String idOrName) {
        return require(idOrName).requireReady();
    }

    /**
     * Begins an import.
     *
     * @param sha256 expected digest of the bytes as they arrive, or null
     * @param node where; null for any
     */
    @Transactional
    public OperationView importImage(
            ResourceName name, ImageSource source, @Nullable String sha256, @Nullable String node, Caller caller) {
        if (sha256 != null && source instanceof ImageSource.Registry) {
            throw BerthException.invalid("/sha256", "Name the digest in the reference: …@sha256:….");
        }
        if (sha256 != null && !sha256.matches("[0-9a-fA-F]{64}")) {
            throw BerthException.invalid("/sha256", "A SHA-256 digest has 64 hexadecimal digits.");
        }
        UUID target = sources.admit(source, node, caller);
        UUID id = Uuids.next();
        UUID operation = Uuids.next();
        if (!store.insert(id, name.value(), target, describe(source), operation, caller.name())) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN,
                            "There is an image '" + name.value() + "' already; choose another name or delete that one.")
                    .with("pointer", "/name");
        }
        ImageImport request =
                new ImageImport(id, source, sha256 == null ? null : sha256.toLowerCase(Locale.ROOT), maxBytes);
        return operations.submit(new OperationRequest<>(
                operation,
                importImage,
                new ImportImage.Parameters(target, request, caller.name()),
                null,
                new Subject("image", id, name.value()),
                "image:" + id,
                caller.name()));
    }

    @Transactional
    public OperationView delete(Image image, Caller caller) {
        if (image.state() == Image.State.IMPORTING) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "The image is being imported; cancel its operation " + image.operation() + ".");
        }
        if (image.state() == Image.State.DELETING) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "The image is being deleted already.");
        }
        nodes.requireLink(image.node());
        removal.fire(new Removal(image));
        store.state(image, Image.State.DELETING, caller.name());
        return operations.submit(new OperationRequest<>(
                Uuids.next(),
                deleteImage,
                new DeleteImage.Parameters(image.node(), image.id(), caller.name()),
                null,
                new Subject("image", image.id(), image.name()),
                "image:" + image.id(),
                caller.name()));
    }

    /**
     * The image that a registry's reference stands for on a node, pulled if it is not there. For a step of an operation,
     * which may be run again. Operations that want the same one share its row and its pull; where the pull of one fails, that
     * takes the row away, and another that gets the image writes it anew.
     */
    public Image ensure(String reference, UUID node, String actor, ProgressSink progress) {
        Optional<Image> known = store.pulled(reference, node);
        if (known.isPresent()) {
            return known.get();
        }
        UUID id = UUID.nameUUIDFromBytes((node + " " + reference).getBytes(StandardCharsets.UTF_8));
        QuarkusTransaction.requiringNew().run(() -> expect(id, reference, node, actor));
        ImageImport request =
                new ImageImport(id, sources.withLogin(sources.reference(reference, null)), null, maxBytes);
        try {
            StoredImage stored = nodes.drivers(node).images().importImage(request, progress);
            QuarkusTransaction.requiringNew().run(() -> {
                expect(id, reference, node, actor);
                store.ready(stored, actor);
            });
        } catch (BerthException e) {
            QuarkusTransaction.requiringNew().run(() -> store.deleteUnready(id, actor));
            throw e;
        }
        return require(id.toString());
    }

    /** Names an image after the end of its reference; with a number if that name is taken. */
    private void expect(UUID id, String reference, UUID node, String actor) {
        String plain = reference
                .substring(reference.lastIndexOf('/') + 1)
                .toLowerCase(Locale.ROOT)
                .replaceFirst("@sha256:(.{12}).*", "-$1")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        String stem = plain.isEmpty() ? "image" : plain.substring(0, Math.min(50, plain.length()));
        int number = 1;
        String name = stem;
        while (store.find(id).isEmpty() && !store.insert(id, name, node, reference, null, actor)) {
            number++;
            name = stem + "-" + number;
        }
    }

    /**
     * An image that an operation of another feature makes on a node, in the caller's transaction; it ends with
     * {@link #arrived} or {@link #failed}.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public UUID expect(ResourceName name, UUID node, String source, UUID operation, Caller caller) {
        UUID id = Uuids.next();
        if (!store.insert(id, name.value(), node, source, operation, caller.name())) {
            throw BerthException.of(
                            ErrorCode.NAME_TAKEN,
                            "There is an image '" + name.value() + "' already; choose another name or delete that one.")
                    .with("pointer", "/name");
        }
        return id;
    }

    /** The image is in the node's store. */
    public void arrived(StoredImage stored, String actor) {
        store.ready(stored, actor);
    }

    /** The image will not come. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void failed(UUID image, String actor) {
        store.delete(image, actor);
    }

    /** A page of an image's bytes, for downloads. */
    public StoredImage.Chunk read(Image image, long offset, int length) {
        return nodes.drivers(image.node()).images().readImage(image.id(), offset, length);
    }

    /** After the instances that are made of them. */
    void nodeRemoved(@Observes @Priority(1200) Nodes.Removal removal) {
        List<Image> images = list().stream()
                .filter(image -> image.node().equals(removal.node().id()))
                .toList();
        removal.holds(images.size(), "images");
        for (Image image : images) {
            operations.abandonAllOf(image.id(), removal.caller().name());
            store.delete(image.id(), removal.caller().name());
        }
    }

    private static String describe(ImageSource source) {
        return switch (source) {
            case ImageSource.Url url -> url.url();
            case ImageSource.LocalFile file -> "file " + file.path();
            case ImageSource.Upload upload -> "upload";
            case ImageSource.Registry registry -> registry.reference();
            case ImageSource.Recipe recipe -> "recipe " + recipe.name();
        };
    }
}
