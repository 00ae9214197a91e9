package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.ImageImport;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.driver.images.Decompression;
import dev.berth.kernel.FileTrees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Images out of archives of layers: OCI layouts, and what {@code docker save} writes. The archive itself is hostile as well, so
 * it is unpacked as a layer is, and its parts are taken over one by one.
 */
final class Archives {
    private final OciLayout layout;
    private final Blobs blobs;
    private final Unpacking unpacking;
    private final Assembly assembly;

    Archives(OciLayout layout, Blobs blobs, Unpacking unpacking, Assembly assembly) {
        this.layout = layout;
        this.blobs = blobs;
        this.unpacking = unpacking;
        this.assembly = assembly;
    }

    static TarScan.Kind kind(Path file) throws IOException {
        try (InputStream in = Decompression.of(file).open(file)) {
            return TarScan.of(in);
        }
    }

    StoredImage bring(ImageImport request, Path archive, TarScan.Kind kind, Pins.Hold hold, ProgressSink progress)
            throws IOException {
        Limits limits = Limits.of(request.maxBytes());
        Path staging = layout.fresh();
        Files.createDirectories(staging);
        try (InputStream in = Decompression.of(archive).open(archive)) {
            long size = Files.size(archive);
            Unpacking.Bounds bounds =
                    new Unpacking.Bounds(limits.archive(size), limits.unpacked(), limits.entries(), false);
            unpacking.unpack(
                    in, staging, bounds, fed -> progress.report(Progress.bytes("reading the archive", fed, 0)));
            Opened opened = new Opened(staging.toRealPath(), limits, hold);
            return kind == TarScan.Kind.OCI
                    ? opened.ofLayout(request.id(), progress)
                    : opened.ofDocker(request.id(), progress);
        } finally {
            FileTrees.delete(staging);
        }
    }

    /** An unpacked archive; nobody changes it any more. */
    private final class Opened {
        private final Path root;
        private final Limits limits;
        private final Pins.Hold hold;

        Opened(Path root, Limits limits, Pins.Hold hold) {
            this.root = root;
            this.limits = limits;
            this.hold = hold;
        }

        StoredImage ofLayout(UUID id, ProgressSink progress) throws IOException {
            JsonNode index = Documents.read(read("index.json"), "index");
            Documents.typeOf(index, null);
            Descriptor chosen = Index.parse(index).choose(Index.here());
            byte[] content = blob(chosen);
            if (MediaTypes.INDEXES.contains(chosen.mediaType())) {
                JsonNode inner = Documents.read(content, "index");
                Documents.typeOf(inner, chosen.mediaType());
                chosen = Index.parse(inner).choose(Index.here());
                content = blob(chosen);
            }
            Manifest manifest = Manifest.parse(content, chosen.mediaType(), limits);
            Configuration configuration = Configuration.parse(blob(manifest.config()));
            keep(content);
            takeOver(manifest.config());
            for (Descriptor layer : manifest.layers()) {
                takeOver(layer);
            }
            return assemble(id, manifest, configuration, progress);
        }

        /** The layers are named by path there, usually not compressed, and described by nothing; a manifest is made for them. */
        StoredImage ofDocker(UUID id, ProgressSink progress) throws IOException {
            JsonNode list = Documents.readList(read("manifest.json"), "manifest");
            if (list.size() != 1) {
                throw Limits.refused("The archive holds " + list.size() + " images; save one at a time.");
            }
            byte[] config = read(list.get(0).path("Config").asText());
            Configuration configuration = Configuration.parse(config);
            keep(config);
            List<Descriptor> parts = new ArrayList<>();
            Map<Path, Descriptor> known = new HashMap<>();
            for (JsonNode name : list.get(0).path("Layers")) {
                Path file = file(name.asText());
                Descriptor part = known.get(file);
                if (part == null) {
                    part = Composition.describe(file);
                    hold.add(part.digest());
                    own(file);
                    if (!blobs.has(part.digest())) {
                        blobs.place(Files.copy(file, layout.fresh()), part.digest());
                    }
                    known.put(file, part);
                }
                parts.add(part);
            }
            byte[] content = Composition.manifest(config, parts);
            keep(content);
            return assemble(id, Manifest.parse(content, null, limits), configuration, progress);
        }

        private StoredImage assemble(UUID id, Manifest manifest, Configuration configuration, ProgressSink progress)
                throws IOException {
            Assembly.Plan plan = new Assembly.Plan(id, manifest, configuration, null, limits, false);
            return assembly.assemble(
                    plan,
                    (blob, watch) -> {
                        throw Limits.refused("The archive lacks the layer " + blob.digest() + ".");
                    },
                    hold,
                    progress);
        }

        private void keep(byte[] content) throws IOException {
            hold.add(Digest.of(content));
            blobs.put(content);
        }

        private void takeOver(Descriptor blob) throws IOException {
            hold.add(blob.digest());
            if (blobs.has(blob.digest())) {
                return;
            }
            Path file = layout.fresh();
            try {
                Files.move(file("blobs/sha256/" + blob.digest().hex()), file, StandardCopyOption.ATOMIC_MOVE);
                own(file);
                blobs.take(file, blob);
            } finally {
                Files.deleteIfExists(file);
            }
        }

        private byte[] blob(Descriptor blob) throws IOException {
            byte[] content = read("blobs/sha256/" + blob.digest().hex());
            if (content.length != blob.size() || !Digest.of(content).equals(blob.digest())) {
                throw Blobs.mismatch(blob.digest(), "other content");
            }
            return content;
        }

        private byte[] read(String name) throws IOException {
            try (InputStream in = Files.newInputStream(file(name))) {
                byte[] content = in.readNBytes(limits.manifest() + 1);
                if (content.length > limits.manifest()) {
                    throw Limits.refused("A document in the archive is larger than " + limits.manifest() + " bytes.");
                }
                return content;
            }
        }

        /** A file of the archive, wherever its links lead, if that is inside. */
        private Path file(String name) throws IOException {
            Path file;
            try {
                file = root.resolve(name).toRealPath();
            } catch (IOException | java.nio.file.InvalidPathException e) {
                throw Limits.refused("The archive lacks " + Texts.shown(name) + ".");
            }
            if (!file.startsWith(root) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw Limits.refused("The archive's " + Texts.shown(name) + " is no file of it.");
            }
            return file;
        }

        private static void own(Path file) throws IOException {
            Files.setAttribute(file, "unix:uid", 0);
            Files.setAttribute(file, "unix:gid", 0);
        }
    }
}
