package dev.berth.driver.fake;

import dev.berth.driver.Committing;
import dev.berth.driver.ImageRef;
import dev.berth.driver.OciDetails;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Makes images of fake containers: their image's layers and one more. */
final class FakeCommit implements Committing {
    private static final long LAYER = 1L << 20;
    private final FakeInstances instances;
    private final FakeImages images;

    FakeCommit(FakeInstances instances, FakeImages images) {
        this.instances = instances;
        this.images = images;
    }

    @Override
    public StoredImage commit(UUID id, CommitRequest request, ProgressSink progress) {
        progress.report(Progress.stage("committing"));
        instances.behaviour.change("Committing.commit");
        ImageRef base = instances.require(id).definition().disks().getFirst().image();
        OciDetails oci = base == null
                ? null
                : images.find(base.id()).map(StoredImage::oci).orElse(null);
        if (oci == null) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "The container was not made from an image of the store.");
        }
        String digest = FakeOci.digest(request.image().toString());
        List<OciDetails.Layer> layers = new ArrayList<>(oci.layers());
        layers.add(new OciDetails.Layer(digest, digest, LAYER, LAYER));
        return images.keep(FakeOci.stored(
                request.image(), new OciDetails(digest, null, oci.platform(), oci.config(), List.copyOf(layers))));
    }
}
