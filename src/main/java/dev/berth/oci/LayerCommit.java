package dev.berth.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.driver.Committing;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** Makes an image of another one and a further layer on top; everything else of its configuration stays as it is. */
final class LayerCommit {
    private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";

    private final OciLayout layout;
    private final Blobs blobs;
    private final Layers layers;
    private final Assembly assembly;

    LayerCommit(OciLayout layout, Blobs blobs, Layers layers, Assembly assembly) {
        this.layout = layout;
        this.blobs = blobs;
        this.layers = layers;
        this.assembly = assembly;
    }

    /**
     * Commits.
     *
     * @param archive the layer, an uncompressed tar
     */
    StoredImage commit(
            StoredImage base,
            Committing.CommitRequest request,
            Path archive,
            Pins.Hold hold,
            ProgressSink progress,
            Instant now)
            throws IOException {
        Limits limits = Limits.of(Long.MAX_VALUE);
        Manifest old = Manifest.parse(
                blobs.read(Digest.parse(OciImages.details(base).digest()), limits.manifest()), null, limits);
        old.layers().forEach(layer -> hold.add(layer.digest()));
        Descriptor part = pack(archive, hold, progress);
        Unpacking.Bounds bounds = new Unpacking.Bounds(Files.size(archive), limits.unpacked(), limits.entries(), false);
        Layers.Known known = layers.add(
                blobs.path(part.digest()),
                null,
                bounds,
                fed -> progress.report(Progress.bytes("unpacking the layer", fed, 0)));
        hold.add(Digest.parse(known.diffId()));
        byte[] configuration =
                extended(blobs.read(old.config().digest(), limits.manifest()), known.diffId(), request, now);
        List<Descriptor> parts =
                new ArrayList<>(old.layers().stream().map(LayerCommit::ours).toList());
        parts.add(part);
        byte[] manifest = Composition.manifest(configuration, parts);
        for (byte[] document : List.of(configuration, manifest)) {
            hold.add(Digest.of(document));
            blobs.put(document);
        }
        Assembly.Plan plan = new Assembly.Plan(
                request.image(),
                Manifest.parse(manifest, null, limits),
                Configuration.parse(configuration),
                null,
                limits,
                false);
        return assembly.assemble(plan, (blob, watch) -> {}, hold, progress);
    }

    private Descriptor pack(Path archive, Pins.Hold hold, ProgressSink progress) throws IOException {
        progress.report(Progress.stage("packing the layer"));
        Path packed = layout.staging().resolve(UUID.randomUUID().toString());
        try {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed), 1 << 16)) {
                Files.copy(archive, out);
            }
            Descriptor part = Composition.describe(packed);
            hold.add(part.digest());
            blobs.place(packed, part.digest());
            return part;
        } finally {
            Files.deleteIfExists(packed);
        }
    }

    /** The manifest is OCI's, and so are the types of its layers; the blobs are the same. */
    private static Descriptor ours(Descriptor layer) {
        return layer.mediaType().startsWith(DOCKER_LAYER)
                ? new Descriptor(
                        layer.mediaType()
                                .replace(DOCKER_LAYER, MediaTypes.LAYER)
                                .replace(".tar.", ".tar+"),
                        layer.digest(),
                        layer.size())
                : layer;
    }

    private static byte[] extended(byte[] configuration, String diffId, Committing.CommitRequest request, Instant now) {
        ObjectNode root = (ObjectNode) Documents.read(configuration, "configuration");
        root.put("created", now.toString());
        ((ArrayNode) root.path("rootfs").path("diff_ids")).add(diffId);
        ArrayNode history = root.path("history") instanceof ArrayNode there ? there : root.putArray("history");
        history.addObject()
                .put("created", now.toString())
                .put("created_by", "berth commit")
                .put("author", request.author())
                .put("comment", request.comment());
        return Documents.write(root);
    }
}
