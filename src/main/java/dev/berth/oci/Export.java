package dev.berth.oci;

import dev.berth.driver.ImageReference;
import dev.berth.driver.LayerStore.ArchiveFormat;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.images.Decompression;
import dev.berth.driver.images.FreeSpace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes an image as one archive. */
final class Export {
    private final OciLayout layout;
    private final Blobs blobs;
    private final ProgressSink progress;

    Export(OciLayout layout, Blobs blobs, ProgressSink progress) {
        this.layout = layout;
        this.blobs = blobs;
        this.progress = progress;
    }

    void write(
            Manifest manifest,
            @Nullable ImageReference reference,
            List<Digest> diffIds,
            ArchiveFormat format,
            Path file)
            throws IOException {
        try (TarWriter tar = new TarWriter(new BufferedOutputStream(Files.newOutputStream(file), 1 << 18))) {
            switch (format) {
                case OCI -> layout(manifest, reference, tar);
                case DOCKER -> docker(manifest, reference, diffIds, tar);
            }
        }
    }

    private void layout(Manifest manifest, @Nullable ImageReference reference, TarWriter tar) throws IOException {
        tar.file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        Path content = blobs.path(manifest.digest());
        Map<String, Object> entry =
                Composition.node(new Descriptor(manifest.mediaType(), manifest.digest(), Files.size(content)));
        String tag = reference == null ? null : reference.tag();
        if (tag != null) {
            entry.put("annotations", Map.of("org.opencontainers.image.ref.name", tag));
        }
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("schemaVersion", 2);
        index.put("mediaType", MediaTypes.INDEX);
        index.put("manifests", List.of(entry));
        tar.file("index.json", Documents.write(index));
        List<Digest> all =
                new ArrayList<>(List.of(manifest.digest(), manifest.config().digest()));
        manifest.layers().forEach(layer -> all.add(layer.digest()));
        long done = 0;
        for (Digest digest : all.stream().distinct().toList()) {
            progress.report(Progress.bytes("exporting", done, manifest.layerBytes()));
            FreeSpace.require(layout.staging());
            tar.file("blobs/sha256/" + digest.hex(), blobs.path(digest));
            done += Files.size(blobs.path(digest));
        }
    }

    /** Layers unpacked, as Docker of every age reads them. */
    private void docker(Manifest manifest, @Nullable ImageReference reference, List<Digest> diffIds, TarWriter tar)
            throws IOException {
        String config = manifest.config().digest().hex() + ".json";
        tar.file(config, blobs.path(manifest.config().digest()));
        List<String> names = new ArrayList<>();
        long done = 0;
        for (int i = 0; i < diffIds.size(); i++) {
            Descriptor part = manifest.layers().get(i);
            String name = diffIds.get(i).hex() + ".tar";
            progress.report(Progress.bytes("exporting", done, manifest.layerBytes()));
            if (!names.contains(name)) {
                unpacked(name, blobs.path(part.digest()), tar);
            }
            names.add(name);
            done += part.size();
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("Config", config);
        entry.put(
                "RepoTags",
                reference == null || reference.tag() == null
                        ? List.of()
                        : List.of(reference.registry() + "/" + reference.repository() + ":" + reference.tag()));
        entry.put("Layers", names);
        tar.file("manifest.json", Documents.write(List.of(entry)));
    }

    private void unpacked(String name, Path blob, TarWriter tar) throws IOException {
        Path plain = layout.fresh();
        try (InputStream in = Decompression.of(blob).open(blob)) {
            FreeSpace.require(layout.staging());
            Files.copy(in, plain);
            tar.file(name, plain);
        } finally {
            Files.deleteIfExists(plain);
        }
    }
}
