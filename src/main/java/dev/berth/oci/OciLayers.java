package dev.berth.oci;

import dev.berth.driver.ImageReference;
import dev.berth.driver.LayerStore;
import dev.berth.driver.OciDetails;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.StoredImage;
import dev.berth.driver.images.Failures;
import dev.berth.kernel.BerthException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The layers of a node's OCI images: who has them, what can go, and ways out for whole images. */
public final class OciLayers implements LayerStore {
    private static final int MOST_CHUNK = 4 << 20;
    private static final int MOST_MANIFEST = 4 << 20;
    private static final Duration KEEP_EXPORTS = Duration.ofDays(1);
    private final OciImages store;
    private final Supplier<List<StoredImage>> images;
    private final StoreLayout layout;

    /**
     * The layers of a store.
     *
     * @param images all images of the node
     */
    public OciLayers(OciImages store, Supplier<List<StoredImage>> images, StoreLayout layout) {
        this.store = store;
        this.images = images;
        this.layout = layout;
    }

    @Override
    public List<StoredLayer> layers() {
        Map<String, List<UUID>> users = new LinkedHashMap<>();
        for (StoredImage image : images.get()) {
            OciDetails oci = image.oci();
            if (oci != null) {
                oci.layers().stream().map(OciDetails.Layer::diffId).distinct().forEach(diffId -> users.computeIfAbsent(
                                diffId, key -> new ArrayList<>())
                        .add(image.id()));
            }
        }
        try {
            return store.layers.all().stream()
                    .map(known -> new StoredLayer(
                            known.diffId(), known.unpacked(), users.getOrDefault(known.diffId(), List.of())))
                    .toList();
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    @Override
    public Garbage collectGarbage(boolean dryRun) {
        try {
            dropOldExports();
            return new Sweep(store, images).run(dryRun);
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    @Override
    public PushResult pushImage(UUID image, PushTarget target, ProgressSink progress) {
        ImageReference reference = ImageReference.parse(target.reference());
        String tag = reference.tag();
        if (tag == null) {
            throw BerthException.invalid("/reference", "An image is pushed to a tag, not to a digest.");
        }
        OciDetails oci = OciImages.details(store.require(image));
        Registry registry = new Registry(
                reference,
                new Registry.Connection(target.login(), target.plainHttp(), target.allowPrivate()),
                "pull,push",
                store.pause);
        try (Pins.Hold hold = hold(oci)) {
            return new Push(registry, store.blobs, progress).send(manifest(oci), tag);
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    private Manifest manifest(OciDetails oci) throws IOException {
        byte[] content = store.blobs.read(Digest.parse(oci.digest()), MOST_MANIFEST);
        return Manifest.parse(content, null, Limits.of(Long.MAX_VALUE));
    }

    /** An image that is deleted meanwhile keeps its blobs until its last reader has them. */
    private Pins.Hold hold(OciDetails oci) throws IOException {
        Pins.Hold hold = store.pins.hold();
        hold.add(Digest.parse(oci.digest()));
        hold.add(manifest(oci).config().digest());
        oci.layers().forEach(layer -> hold.add(Digest.parse(layer.digest())));
        return hold;
    }

    @Override
    public long exportImage(UUID image, UUID export, ArchiveFormat format, ProgressSink progress) {
        OciDetails oci = OciImages.details(store.require(image));
        String pulledAs = oci.reference();
        @Nullable ImageReference reference = pulledAs == null ? null : ImageReference.parse(pulledAs);
        Path staging = store.layout.fresh();
        try (Pins.Hold hold = hold(oci)) {
            List<Digest> diffIds = oci.layers().stream()
                    .map(layer -> Digest.parse(layer.diffId()))
                    .toList();
            new Export(store.layout, store.blobs, progress).write(manifest(oci), reference, diffIds, format, staging);
            Files.createDirectories(layout.exports());
            Path file = file(export);
            Files.move(staging, file, StandardCopyOption.ATOMIC_MOVE);
            return Files.size(file);
        } catch (IOException e) {
            throw Failures.translate(e);
        } finally {
            delete(staging);
        }
    }

    private Path file(UUID export) {
        return layout.exports().resolve(export.toString());
    }

    @Override
    public StoredImage.Chunk readExport(UUID export, long offset, int length) {
        if (offset < 0 || length < 1 || length > MOST_CHUNK) {
            throw BerthException.invalid("", "A part of a download begins at 0 or later and has 1 to 4 MiB.");
        }
        if (!Files.exists(file(export))) {
            throw BerthException.notFound("export", export);
        }
        try (RandomAccessFile in = new RandomAccessFile(file(export).toFile(), "r")) {
            long left = Math.max(0, in.length() - offset);
            byte[] data = new byte[(int) Math.min(left, length)];
            in.seek(offset);
            in.readFully(data);
            return new StoredImage.Chunk(data, left <= length);
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    @Override
    public void dropExport(UUID export) {
        delete(file(export));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    /** Removes exports whose reader never came back. */
    private void dropOldExports() throws IOException {
        if (!Files.exists(layout.exports())) {
            return;
        }
        Instant limit = Instant.now().minus(KEEP_EXPORTS);
        try (Stream<Path> files = Files.list(layout.exports())) {
            for (Path file : files.toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            // Dropped meanwhile by its reader.
            return;
        }
    }
}
