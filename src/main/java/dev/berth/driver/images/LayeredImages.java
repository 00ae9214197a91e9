package dev.berth.driver.images;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageSource;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The images that are layers instead of disks. The image store hands over what is one, and keeps its description. */
public interface LayeredImages {
    /** Whether a file, which may be compressed, is an archive: an OCI layout, what {@code docker save} writes, or a root file system. */
    boolean accepts(Path file) throws IOException;

    /**
     * Makes an image of an archive.
     *
     * @param config the image's defaults as an OCI configuration's {@code config}, for a root file system; or null
     */
    StoredImage unpack(
            ImageImport request, Path archive, @Nullable JsonNode config, Keeper keeper, ProgressSink progress)
            throws IOException;

    StoredImage pull(ImageImport request, ImageSource.Registry source, Keeper keeper, ProgressSink progress)
            throws IOException;

    /** Whether a container is made of this image. */
    boolean inUse(UUID image);

    /** Writes an image's description; until then its layers are held by the import alone. */
    @FunctionalInterface
    interface Keeper {
        void keep(StoredImage image) throws IOException;
    }

    /** A store of disk images only. */
    LayeredImages NONE = new LayeredImages() {
        @Override
        public boolean accepts(Path file) {
            return false;
        }

        @Override
        public StoredImage unpack(
                ImageImport request, Path archive, @Nullable JsonNode config, Keeper keeper, ProgressSink progress) {
            throw disksOnly();
        }

        @Override
        public StoredImage pull(
                ImageImport request, ImageSource.Registry source, Keeper keeper, ProgressSink progress) {
            throw disksOnly();
        }

        @Override
        public boolean inUse(UUID image) {
            return false;
        }

        private static BerthException disksOnly() {
            return BerthException.of(ErrorCode.UNSUPPORTED, "This store holds disk images only.");
        }
    };
}
