package dev.berth.driver.lxc;

import dev.berth.driver.Committing;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageRef;
import dev.berth.driver.OciDetails;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.DataSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** An image store with one image. It describes what is committed and keeps nothing of it. */
final class BusyboxLayers implements Surroundings.RootLayers {
    private static final OciDetails.Config NO_DEFAULTS = new OciDetails.Config(
            List.of(), List.of(), List.of(), null, null, null, List.of(), List.of(), Map.of(), null, false);

    @Override
    public List<Path> of(ImageRef image) {
        return BusyboxRoot.layers(image);
    }

    @Override
    public StoredImage commit(ImageRef base, Committing.CommitRequest request, Path layer, ProgressSink progress) {
        try {
            byte[] archive = Files.readAllBytes(layer);
            String hex = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
            DataSize size = new DataSize(archive.length);
            String digest = "sha256:" + hex;
            List<OciDetails.Layer> layers =
                    List.of(new OciDetails.Layer(digest, digest, archive.length, archive.length));
            return new StoredImage(
                    request.image(),
                    ImageFormat.OCI,
                    hex,
                    size,
                    size,
                    null,
                    new OciDetails(digest, null, null, NO_DEFAULTS, layers));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
