package dev.berth.driver.fake;

import dev.berth.driver.ImageDriver;
import dev.berth.driver.LayerStore;
import dev.berth.driver.OciDetails;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The layers of a fake node's images; pushes succeed, exports hold the image's digest. */
final class FakeLayers implements LayerStore {
    private final FakeBehaviour behaviour;
    private final ImageDriver images;
    private final Map<UUID, byte[]> exports = new ConcurrentHashMap<>();

    FakeLayers(FakeFleet fleet, ImageDriver images) {
        this.behaviour = fleet.behaviour;
        this.images = images;
    }

    @Override
    public List<StoredLayer> layers() {
        behaviour.look("LayerStore.layers");
        Map<String, StoredLayer> layers = new LinkedHashMap<>();
        for (StoredImage image : images.images()) {
            OciDetails oci = image.oci();
            if (oci == null) {
                continue;
            }
            for (OciDetails.Layer layer : oci.layers()) {
                StoredLayer known = layers.get(layer.diffId());
                List<UUID> users = new ArrayList<>(known == null ? List.of() : known.images());
                users.add(image.id());
                layers.put(layer.diffId(), new StoredLayer(layer.diffId(), layer.unpacked(), users));
            }
        }
        return List.copyOf(layers.values());
    }

    @Override
    public Garbage collectGarbage(boolean dryRun) {
        behaviour.change("LayerStore.collectGarbage");
        return new Garbage(List.of(), 0);
    }

    @Override
    public PushResult pushImage(UUID image, PushTarget target, ProgressSink progress) {
        behaviour.change("LayerStore.pushImage");
        OciDetails oci = require(image);
        long bytes = oci.layers().stream().mapToLong(OciDetails.Layer::size).sum();
        progress.report(Progress.bytes("pushing", bytes, bytes));
        return new PushResult(oci.digest(), bytes, 0);
    }

    @Override
    public long exportImage(UUID image, UUID export, ArchiveFormat format, ProgressSink progress) {
        behaviour.change("LayerStore.exportImage");
        byte[] content = require(image).digest().getBytes(StandardCharsets.UTF_8);
        exports.put(export, content);
        return content.length;
    }

    @Override
    public StoredImage.Chunk readExport(UUID export, long offset, int length) {
        behaviour.look("LayerStore.readExport");
        byte[] content = exports.get(export);
        if (content == null) {
            throw BerthException.notFound("export", export);
        }
        int from = (int) Math.min(offset, content.length);
        int to = Math.min(content.length, from + length);
        return new StoredImage.Chunk(Arrays.copyOfRange(content, from, to), to == content.length);
    }

    @Override
    public void dropExport(UUID export) {
        behaviour.change("LayerStore.dropExport");
        exports.remove(export);
    }

    private OciDetails require(UUID id) {
        StoredImage image = images.images().stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(() -> BerthException.notFound("image", id));
        OciDetails oci = image.oci();
        if (oci == null) {
            throw BerthException.of(ErrorCode.UNSUPPORTED, "Only OCI images have layers.");
        }
        return oci;
    }
}
