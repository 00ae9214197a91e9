package dev.berth.agent;

import dev.berth.driver.Committing;
import dev.berth.driver.ImageRef;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.driver.images.FileImages;
import dev.berth.driver.lxc.Surroundings;
import dev.berth.oci.OciImages;
import java.nio.file.Path;
import java.util.List;

/** The image store, as the driver of containers sees it. */
record NodeLayers(OciImages oci, FileImages images) implements Surroundings.RootLayers {
    @Override
    public List<Path> of(ImageRef image) {
        return oci.directories(OciImages.details(oci.require(image.id())));
    }

    @Override
    public StoredImage commit(ImageRef base, Committing.CommitRequest request, Path layer, ProgressSink progress) {
        return images.make(
                request.image(), keeper -> oci.commit(oci.require(base.id()), request, layer, keeper, progress));
    }
}
