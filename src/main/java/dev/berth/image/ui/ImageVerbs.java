package dev.berth.image.ui;

import dev.berth.access.Roles;
import dev.berth.driver.ImageFormat;
import dev.berth.image.Catalogue;
import dev.berth.image.Image;
import dev.berth.image.ImageLayers;
import dev.berth.image.ImageSources;
import dev.berth.image.Images;
import dev.berth.image.Uploads;
import dev.berth.node.Nodes;
import dev.berth.operation.Operations;
import dev.berth.ui.ConfirmByName;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** What can be done with images, and why not: the same for the list and for an image's page. */
@ApplicationScoped
class ImageVerbs {
    private final Images images;
    private final ImageLayers layers;
    private final ImageSources sources;
    private final Catalogue catalogue;
    private final Operations operations;
    private final Transfers transfers;
    private final Uploads uploads;
    private final Nodes nodes;

    ImageVerbs(
            Images images,
            ImageLayers layers,
            ImageSources sources,
            Catalogue catalogue,
            Operations operations,
            Transfers transfers,
            Uploads uploads,
            Nodes nodes) {
        this.images = images;
        this.layers = layers;
        this.sources = sources;
        this.catalogue = catalogue;
        this.operations = operations;
        this.transfers = transfers;
        this.uploads = uploads;
        this.nodes = nodes;
    }

    static boolean isOci(Image image) {
        return image.format() == ImageFormat.OCI;
    }

    String whyNotImport() {
        return Viewer.may(Roles.OPERATOR) ? "" : "needs the role operator";
    }

    String whyNotCleanUp() {
        return Viewer.may(Roles.ADMIN) ? "" : "needs the role admin";
    }

    String whyNotUse(Image image) {
        String whyNot = whyNotImport();
        return whyNot.isEmpty() && image.state() != Image.State.READY ? "the image is not ready" : whyNot;
    }

    String whyNotPullAgain(Image image) {
        String whyNot = whyNotUse(image);
        if (!whyNot.isEmpty()) {
            return whyNot;
        }
        boolean pulled = image.oci() != null && image.oci().reference() != null;
        return !pulled
                ? "it did not come from a registry"
                : image.name().contains("@") ? "a newer one has taken its name already" : "";
    }

    void importImage() {
        new ImportDialog(images, sources, catalogue, uploads, nodes).open();
    }

    void pull() {
        new TransferDialog(new PullForm(images, sources, nodes), transfers).open();
    }

    void cleanUp() {
        new CleanUpDialog(layers).open();
    }

    void push(Image image) {
        new TransferDialog(new PushForm(image, layers), transfers).open();
    }

    void pullAgain(Image image) {
        layers.pull(image, Viewer.current().caller());
        Notices.info("Asking the registry for " + image.name());
    }

    void cancelImport(UUID operation) {
        operations.cancel(operation);
    }

    void delete(Image image) {
        new ConfirmByName(
                        "Delete image",
                        "The image is removed from the node. Instances that use it prevent that. Layers that other images"
                                + " share stay.",
                        image.name(),
                        () -> images.delete(image, Viewer.current().caller()))
                .open();
    }
}
