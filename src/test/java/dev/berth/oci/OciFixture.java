package dev.berth.oci;

import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageSource;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.StoredImage;
import dev.berth.driver.images.FileImages;
import dev.berth.kernel.Uuids;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A node's image store with real unpacking, in a directory of its own. */
final class OciFixture {
    static final Path UNPACK = Path.of("target/native/berth-unpack").toAbsolutePath();
    final StoreLayout layout;
    final OciImages oci;
    final FileImages images;

    OciFixture(Path directory) {
        this.layout = new StoreLayout(directory.resolve("state"));
        try {
            Files.createDirectories(layout.images());
            Files.createDirectories(layout.uploads());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.oci = new OciImages(layout, UNPACK, Duration.ofMillis(20));
        this.images = new FileImages(layout, Path.of("infra/image-build").toAbsolutePath(), List.of(directory), oci);
    }

    StoredImage upload(byte[] content) {
        return upload(content, 4L << 30);
    }

    StoredImage upload(byte[] content, long maxBytes) {
        UUID upload = Uuids.next();
        for (int from = 0; from < content.length; from += 1 << 20) {
            images.appendUpload(
                    upload,
                    from,
                    java.util.Arrays.copyOfRange(content, from, Math.min(content.length, from + (1 << 20))));
        }
        return bring(new ImageSource.Upload(upload), maxBytes);
    }

    StoredImage bring(ImageSource source) {
        return bring(source, 4L << 30);
    }

    private StoredImage bring(ImageSource source, long maxBytes) {
        return images.importImage(new ImageImport(Uuids.next(), source, null, maxBytes), ProgressSink.NONE);
    }

    /** Pulls over plain HTTP from loopback. */
    StoredImage pull(String reference, ImageSource.@Nullable Login login) {
        return bring(new ImageSource.Registry(reference, login, true, true, "linux/amd64"));
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
