package dev.berth.image;

import dev.berth.access.Caller;
import dev.berth.access.Roles;
import dev.berth.driver.ImageSource;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.node.Nodes;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where images may come from, for whom; the one place that decides it, whichever door the wish comes through. */
@ApplicationScoped
public class ImageSources {
    private static final int LONGEST_URL = 2000;
    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]{1,20}/[a-z0-9_]{1,20}(/[a-z0-9]{1,20})?");
    private final Catalogue catalogue;
    private final Uploads uploads;
    private final Nodes nodes;
    private final Registries registries;
    private final boolean allowPrivate;

    ImageSources(Catalogue catalogue, Uploads uploads, Nodes nodes, Registries registries, ImageSettings settings) {
        this.registries = registries;
        this.catalogue = catalogue;
        this.uploads = uploads;
        this.nodes = nodes;
        this.allowPrivate = settings.allowPrivateAddresses();
    }

    /** A download; INVALID_ARGUMENT if that is no address of one. */
    public ImageSource url(String url) {
        if (url.length() > LONGEST_URL) {
            throw BerthException.invalid("/url", "A URL has at most " + LONGEST_URL + " characters.");
        }
        return new ImageSource.Url(url, allowPrivate, null);
    }

    /**
     * An image of a registry; INVALID_ARGUMENT if that is no reference.
     *
     * @param platform for example {@code linux/arm64}; null for the node's own
     */
    public ImageSource reference(String reference, @Nullable String platform) {
        if (platform != null && !PLATFORM.matcher(platform).matches()) {
            throw BerthException.invalid("/platform", "A platform looks like linux/amd64 or linux/arm/v7.");
        }
        return registries.source(reference, platform);
    }

    /** The same with the login that is kept for its registry; never to be stored or shown. */
    ImageSource withLogin(ImageSource source) {
        return registries.withLogin(source);
    }

    /** What an entry of the catalogue offers; a download comes with the vendor's checksums. */
    public ImageSource entry(Catalogue.Entry entry) {
        String recipe = entry.recipe();
        return recipe != null
                ? new ImageSource.Recipe(recipe)
                : new ImageSource.Url(Objects.requireNonNull(entry.url()), allowPrivate, entry.checksums());
    }

    /** What the catalogue offers under a name. */
    public ImageSource entry(String name) {
        return entry(catalogue.entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> BerthException.invalid("/catalogue", "The catalogue has no '" + name + "'.")));
    }

    /**
     * Checks that somebody may import this, and finds the node that does it.
     *
     * @param wanted where; null for any, which is where the upload is if it is one
     */
    UUID admit(ImageSource source, @Nullable String wanted, Caller caller) {
        switch (source) {
            case ImageSource.Registry registry -> {
                // As with a download: the node resolves its address, and checks it.
            }
            case ImageSource.Url url -> {
                // Its address is checked by the node, which is the one that resolves it.
            }
            case ImageSource.Upload upload -> {
                return uploaded(upload.upload(), wanted, caller);
            }
            case ImageSource.Recipe recipe -> {
                if (catalogue.entries().stream()
                        .noneMatch(entry -> recipe.name().equals(entry.recipe()))) {
                    throw BerthException.invalid(
                            "/recipe",
                            "There is no such recipe; GET /api/v1/images/catalogue lists those that there are.");
                }
            }
            case ImageSource.LocalFile file -> {
                if (!caller.may(Roles.ADMIN)) {
                    throw BerthException.of(ErrorCode.FORBIDDEN, "Only admins import files of the node.");
                }
            }
        }
        return nodes.wanted(wanted).id();
    }

    private UUID uploaded(UUID upload, @Nullable String wanted, Caller caller) {
        if (!uploads.has(upload, caller)) {
            throw BerthException.invalid("/upload", "There is no upload '" + upload + "'.");
        }
        UUID node = uploads.completeOn(upload, caller);
        if (wanted != null && !nodes.wanted(wanted).id().equals(node)) {
            throw BerthException.invalid("/node", "The upload is on another node; leave this out.");
        }
        return node;
    }
}
