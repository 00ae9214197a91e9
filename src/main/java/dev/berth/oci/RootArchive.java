package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.ImageImport;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.driver.images.Decompression;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image of one layer, out of the archive of a root file system. */
final class RootArchive {
    private static final int BUFFER = 1 << 18;
    private final OciLayout layout;
    private final Blobs blobs;
    private final Layers layers;
    private final Assembly assembly;

    RootArchive(OciLayout layout, Blobs blobs, Layers layers, Assembly assembly) {
        this.layout = layout;
        this.blobs = blobs;
        this.layers = layers;
        this.assembly = assembly;
    }

    StoredImage bring(
            ImageImport request, Path archive, @Nullable JsonNode config, Pins.Hold hold, ProgressSink progress)
            throws IOException {
        Limits limits = Limits.of(request.maxBytes());
        Path file = layout.fresh();
        try {
            copy(archive, file, limits);
            Descriptor part = Composition.describe(file);
            hold.add(part.digest());
            blobs.place(file, part.digest());
            Unpacking.Bounds bounds =
                    new Unpacking.Bounds(limits.archive(part.size()), limits.unpacked(), limits.entries(), true);
            Layers.Known known = layers.add(
                    blobs.path(part.digest()),
                    null,
                    bounds,
                    fed -> progress.report(Progress.bytes("unpacking", fed, 0)));
            hold.add(Digest.parse(known.diffId()));
            byte[] configuration = Composition.configuration(
                    defaults(config, known), List.of(Digest.parse(known.diffId())), "import of a root file system");
            byte[] manifest = Composition.manifest(configuration, List.of(part));
            for (byte[] document : List.of(configuration, manifest)) {
                hold.add(Digest.of(document));
                blobs.put(document);
            }
            Assembly.Plan plan = new Assembly.Plan(
                    request.id(),
                    Manifest.parse(manifest, null, limits),
                    Configuration.parse(configuration),
                    null,
                    limits,
                    true);
            return assembly.assemble(plan, (blob, watch) -> {}, hold, progress);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** What nobody described runs its init if it has one, else a shell. */
    private static Object defaults(@Nullable JsonNode config, Layers.Known known) {
        if (config != null && config.isObject()) {
            return config;
        }
        return known.init() ? Map.of() : Map.of("Cmd", List.of("/bin/sh"));
    }

    /** As it is, unless it is packed in a way that images are not. */
    private static void copy(Path archive, Path file, Limits limits) throws IOException {
        if (Decompression.of(archive) != Decompression.XZ) {
            Files.copy(archive, file);
            return;
        }
        long most = limits.archive(Files.size(archive));
        try (InputStream in = Decompression.XZ.open(archive);
                OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            long total = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                total += count;
                if (total > most) {
                    throw Limits.tooLarge(most);
                }
                out.write(buffer, 0, count);
            }
        }
    }
}
