package dev.berth.oci;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.driver.OciDetails;
import dev.berth.driver.images.Copying;
import dev.berth.driver.images.Decompression;
import dev.berth.driver.images.Failures;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.FileTrees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The unpacked layers, by diff id. A layer is in place only when it is complete and on the disk. */
final class Layers {
    private static final List<String> INITS =
            List.of("sbin/init", "usr/sbin/init", "lib/systemd/systemd", "usr/lib/systemd/systemd");
    private final OciLayout layout;
    private final Unpacking unpacking;

    Layers(OciLayout layout, Unpacking unpacking) {
        this.layout = layout;
        this.unpacking = unpacking;
    }

    /**
     * What is known of an unpacked layer.
     *
     * @param unpacked bytes that it takes
     * @param opaqueRoot whether it hides all layers below it
     * @param init whether it brings an init
     */
    record Known(String diffId, long unpacked, boolean opaqueRoot, boolean init) {}

    Optional<Known> find(Digest diffId) {
        Path file = layout.layer(diffId).resolve("layer.json");
        try {
            return Files.exists(file)
                    ? Optional.of(BerthJson.mapper().readValue(file.toFile(), Known.class))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the description of layer " + diffId + " is damaged", e);
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    /**
     * Unpacks a blob.
     *
     * @param expected what the image's configuration says the archive is; null for a layer that is not described yet
     */
    Known add(Path blob, @Nullable Digest expected, Unpacking.Bounds bounds, LongConsumer meanwhile)
            throws IOException {
        Path staging = layout.fresh();
        Path files = staging.resolve("fs");
        Files.createDirectories(files);
        try (InputStream archive = Decompression.of(blob).open(blob)) {
            Unpacking.Unpacked unpacked = unpacking.unpack(archive, files, bounds, meanwhile);
            if (expected != null && !unpacked.diffId().equals(expected)) {
                throw Blobs.mismatch(expected, "the digest " + unpacked.diffId() + " when it is unpacked");
            }
            Known known =
                    new Known(unpacked.diffId().toString(), unpacked.bytes(), unpacked.opaqueRoot(), bringsInit(files));
            Path description = staging.resolve("layer.json");
            Files.writeString(description, BerthJson.mapper().writeValueAsString(known));
            Copying.sync(description);
            place(staging, unpacked.diffId());
            return known;
        } finally {
            FileTrees.delete(staging);
        }
    }

    private void place(Path staging, Digest diffId) throws IOException {
        Path target = layout.layer(diffId);
        if (Files.exists(target)) {
            return;
        }
        Copying.sync(staging);
        Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        Copying.sync(layout.layers());
    }

    /** Looks by components, so that no link of the layer leads the look elsewhere. */
    private static boolean bringsInit(Path files) {
        return INITS.stream().anyMatch(init -> {
            Path at = files;
            for (Path name : Path.of(init)) {
                if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                    return false;
                }
                at = at.resolve(name);
            }
            return Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(at);
        });
    }

    /** The directories of an image for overlay, topmost first; layers below one that hides everything are left out. */
    List<Path> directories(OciDetails image) {
        List<Path> directories = new ArrayList<>();
        for (OciDetails.Layer layer : image.layers().reversed()) {
            Digest diffId = Digest.parse(layer.diffId());
            Known known = find(diffId)
                    .orElseThrow(() -> BerthException.of(
                            ErrorCode.DRIVER_FAILED, "The layer " + diffId + " is missing on this node."));
            directories.add(layout.layer(diffId).resolve("fs"));
            if (known.opaqueRoot()) {
                break;
            }
        }
        return directories;
    }

    List<Known> all() throws IOException {
        List<Known> all = new ArrayList<>();
        if (Files.exists(layout.layers())) {
            try (Stream<Path> entries = Files.list(layout.layers())) {
                for (Path entry : entries.sorted().toList()) {
                    find(new Digest(entry.getFileName().toString())).ifPresent(all::add);
                }
            }
        }
        return all;
    }
}
