package dev.berth.oci;

import dev.berth.driver.LayerStore.Garbage;
import dev.berth.driver.OciDetails;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Garbage collection: what no image names, and no import under way holds, goes. */
final class Sweep {
    private static final int MOST_MANIFEST = 4 << 20;
    private final OciImages store;
    private final Supplier<List<StoredImage>> images;

    Sweep(OciImages store, Supplier<List<StoredImage>> images) {
        this.store = store;
        this.images = images;
    }

    Garbage run(boolean dryRun) throws IOException {
        List<String> layers = new ArrayList<>();
        long bytes = 0;
        boolean again = true;
        while (again) {
            again = false;
            long epoch = store.pins.epoch();
            Set<String> used = used();
            for (Thing thing : things()) {
                if (used.contains(thing.digest().hex())) {
                    continue;
                }
                Pins.Removal removal = store.pins.remove(thing.digest(), epoch, dryRun ? () -> {} : thing::detach);
                if (removal == Pins.Removal.CHANGED) {
                    again = !dryRun;
                    break;
                }
                if (removal == Pins.Removal.DONE) {
                    bytes += thing.bytes();
                    if (thing.layer()) {
                        layers.add(thing.digest().toString());
                    }
                    thing.clear();
                }
            }
        }
        return new Garbage(layers, bytes);
    }

    /** Digests that images name: of manifests, configurations, blobs and layers. */
    private Set<String> used() throws IOException {
        Set<String> used = new HashSet<>();
        for (StoredImage image : images.get()) {
            OciDetails oci = image.oci();
            if (oci == null) {
                continue;
            }
            Digest manifest = Digest.parse(oci.digest());
            used.add(manifest.hex());
            used.add(Manifest.parse(store.blobs.read(manifest, MOST_MANIFEST), null, Limits.of(Long.MAX_VALUE))
                    .config()
                    .digest()
                    .hex());
            for (OciDetails.Layer layer : oci.layers()) {
                used.add(Digest.parse(layer.digest()).hex());
                used.add(Digest.parse(layer.diffId()).hex());
            }
        }
        return used;
    }

    private List<Thing> things() throws IOException {
        List<Thing> things = new ArrayList<>();
        for (Layers.Known known : store.layers.all()) {
            Digest diffId = Digest.parse(known.diffId());
            things.add(new Thing(diffId, store.layout.layer(diffId), known.unpacked(), true));
        }
        for (Path directory : List.of(store.layout.blobs(), store.layout.partials())) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    things.add(new Thing(new Digest(file.getFileName().toString()), file, Files.size(file), false));
                }
            } catch (NoSuchFileException e) {
                // It became a blob, or was dropped, meanwhile.
                continue;
            }
        }
        return things;
    }

    /** A blob or a layer. */
    private final class Thing {
        private final Digest digest;
        private final Path path;
        private final long bytes;
        private final boolean layer;
        private final Path trash = store.layout.fresh();

        Thing(Digest digest, Path path, long bytes, boolean layer) {
            this.digest = digest;
            this.path = path;
            this.bytes = bytes;
            this.layer = layer;
        }

        Digest digest() {
            return digest;
        }

        long bytes() {
            return bytes;
        }

        boolean layer() {
            return layer;
        }

        /** Gone at once, so that nobody finds half of it. */
        void detach() throws IOException {
            Files.move(path, trash);
        }

        void clear() throws IOException {
            FileTrees.delete(trash);
        }
    }
}
