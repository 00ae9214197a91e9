package dev.berth.image;

import dev.berth.access.Caller;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageSource;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.ResourceName;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.node.Node;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationRequest;
import dev.berth.operation.OperationView;
import dev.berth.operation.Operations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All images. */
@ApplicationScoped
public class Images {
    private static final int LONGEST_URL = 2000;
    private final ImageStore store;
    private final Nodes nodes;
    private final Operations operations;
    private final ImportImage importImage;
    private final DeleteImage deleteImage;
    private final Event<Removal> removal;
    private final long maxBytes;
    private final boolean allowPrivate;

    Images(
            ImageStore store,
            Nodes nodes,
            Operations operations,
            ImportImage importImage,
            DeleteImage deleteImage,
            Event<Removal> removal,
            ImageSettings settings) {
        this.store = store;
        this.nodes = nodes;
        this.operations = operations;
        this.importImage = importImage;
        this.deleteImage = deleteImage;
        this.removal = removal;
        this.maxBytes = settings.maxBytes();
        this.allowPrivate = settings.allowPrivateAddresses();
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
        Image image = require(idOrName);
        if (image.state() != Image.State.READY) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "The image '" + image.name() + "' is "
                            + image.state().name().toLowerCase(Locale.ROOT) + "; wait until it is ready.");
        }
        return image;
    }

    /**
     * A source of a URL as it may be stored and shown: http or https, without a password in it. Where it leads is checked by
     * the node, when it connects.
     */
    public ImageSource url(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw BerthException.invalid("/url", "The URL cannot be read: " + e.getReason() + ".");
        }
        String scheme = uri.getScheme();
        if (scheme == null || !scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            throw BerthException.invalid("/url", "Images are downloaded by http or https only.");
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || url.length() > LONGEST_URL) {
            throw BerthException.invalid(
                    "/url", "A URL has a host, no user name or password, and at most " + LONGEST_URL + " characters.");
        }
        return new ImageSource.Url(url, allowPrivate);
    }

    /**
     * Begins an import.
     *
     * @param sha256 expected digest of the bytes as they arrive, or null
     * @param node where; null for the local one
     */
    @Transactional
    public OperationView importImage(
            ResourceName name, ImageSource source, @Nullable String sha256, @Nullable String node, Caller caller) {
        if (sha256 != null && !sha256.matches("[0-9a-fA-F]{64}")) {
            throw BerthException.invalid("/sha256", "A SHA-256 digest has 64 hexadecimal digits.");
        }
        UUID id = Uuids.next();
        UUID operation = Uuids.next();
        UUID target = place(node).id();
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

    private Node place(@Nullable String node) {
        return node == null
                ? nodes.choose()
                : nodes.find(node)
                        .orElseThrow(() -> BerthException.invalid("/node", "There is no node '" + node + "'."));
    }

    @Transactional
    public OperationView delete(Image image, Caller caller) {
        if (image.state() == Image.State.IMPORTING) {
            throw BerthException.of(
                    ErrorCode.WRONG_STATE,
                    "The image is being imported; cancel its operation " + image.operation() + ".");
        }
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

    /** A page of an image's bytes, for downloads. */
    public StoredImage.Chunk read(Image image, long offset, int length) {
        return nodes.drivers(image.node()).images().readImage(image.id(), offset, length);
    }

    private static String describe(ImageSource source) {
        return switch (source) {
            case ImageSource.Url url -> url.url();
            case ImageSource.LocalFile file -> "file " + file.path();
            case ImageSource.Upload upload -> "upload";
            case ImageSource.Recipe recipe -> "recipe " + recipe.name();
        };
    }
}
