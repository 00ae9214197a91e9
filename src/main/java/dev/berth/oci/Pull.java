package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.ImageReference;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.images.FreeSpace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Fetches manifests and blobs of one repository. A blob that broke off goes on where it was, even days later. */
final class Pull {
    private static final int BUFFER = 1 << 18;
    private static final long SPACE_PERIOD = 64L << 20;
    private final Registry registry;
    private final OciLayout layout;
    private final Blobs blobs;
    private final Limits limits;

    Pull(Registry registry, OciLayout layout, Blobs blobs, Limits limits) {
        this.registry = registry;
        this.layout = layout;
        this.blobs = blobs;
        this.limits = limits;
    }

    /** A manifest as it came, and what it was sent as. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    private record Document(byte[] content, @Nullable String type) {}

    /** Finds the manifest for a platform, and keeps it as a blob. */
    Manifest manifest(ImageReference reference, String platform, Pins.Hold hold, ProgressSink progress)
            throws IOException {
        progress.report(Progress.stage("asking the registry"));
        Document document = document(reference.version(), progress);
        String wanted = reference.digest();
        Digest expected = wanted == null ? null : Digest.parse(wanted);
        if (expected != null && !Digest.of(document.content()).equals(expected)) {
            throw Blobs.mismatch(expected, "the digest " + Digest.of(document.content()));
        }
        JsonNode root = Documents.read(document.content(), "manifest");
        if (MediaTypes.INDEXES.contains(Documents.typeOf(root, document.type()))) {
            Descriptor chosen = Index.parse(root).choose(platform);
            document = document(chosen.digest().toString(), progress);
            if (document.content().length != chosen.size()
                    || !Digest.of(document.content()).equals(chosen.digest())) {
                throw Blobs.mismatch(chosen.digest(), "the digest " + Digest.of(document.content()));
            }
            Documents.typeOf(Documents.read(document.content(), "manifest"), chosen.mediaType());
        }
        Manifest manifest = Manifest.parse(document.content(), document.type(), limits);
        hold.add(manifest.digest());
        blobs.put(document.content());
        return manifest;
    }

    private Document document(String version, ProgressSink progress) throws IOException {
        URI uri = registry.uri("manifests/" + version);
        Map<String, String> headers = Map.of("Accept", String.join(", ", MediaTypes.ACCEPTED));
        return registry.patiently(
                () -> registry.once("GET", uri, headers, null, answer -> {
                    registry.require(answer, "image with the tag or digest '" + version + "'", 200);
                    String type = answer.header("content-type")
                            .replaceFirst(";.*", "")
                            .strip();
                    return new Document(answer.content(limits.manifest()), type.isEmpty() ? null : type);
                }),
                () -> progress.report(Progress.stage("waiting for the registry")));
    }

    /** Brings a blob into the store, checked. */
    void blob(Descriptor blob, Watch watch) throws IOException {
        Path partial = layout.partial(blob.digest());
        long[] counted = {0};
        registry.patiently(
                () -> {
                    attempt(blob, partial, counted, watch);
                    return partial;
                },
                watch::check);
        try {
            blobs.take(partial, blob);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private void attempt(Descriptor blob, Path partial, long[] counted, Watch watch) throws IOException {
        long from = Files.exists(partial) ? Files.size(partial) : 0;
        if (from > blob.size()) {
            Files.delete(partial);
            from = 0;
        }
        if (from == blob.size() && from > 0) {
            count(counted, from, watch);
            return;
        }
        long start = from;
        Map<String, String> headers = start > 0 ? Map.of("Range", "bytes=" + start + "-") : Map.of();
        registry.once("GET", registry.uri("blobs/" + blob.digest()), headers, null, answer -> {
            if (answer.status() == 416) {
                Files.deleteIfExists(partial);
                throw new Registry.Busy(416);
            }
            registry.require(answer, "layer " + blob.digest(), 200, 206);
            boolean goesOn =
                    answer.status() == 206 && answer.header("content-range").startsWith("bytes " + start + "-");
            if (answer.status() == 206 && !goesOn) {
                Files.deleteIfExists(partial);
                throw new Registry.Busy(206);
            }
            receive(answer, blob, partial, goesOn ? start : 0, counted, watch);
            return answer;
        });
    }

    private static void receive(Exchange answer, Descriptor blob, Path partial, long from, long[] counted, Watch watch)
            throws IOException {
        long total = from;
        long looked = total;
        Path directory = Objects.requireNonNull(partial.getParent());
        FreeSpace.require(directory);
        StandardOpenOption[] how = from > 0
                ? new StandardOpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.APPEND}
                : new StandardOpenOption[] {
                    StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING
                };
        try (OutputStream out = Files.newOutputStream(partial, how);
                InputStream in = answer.body()) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                total += count;
                if (total > blob.size()) {
                    out.close();
                    Files.delete(partial);
                    throw Blobs.mismatch(blob.digest(), "more than " + blob.size() + " bytes");
                }
                out.write(buffer, 0, count);
                count(counted, total, watch);
                if (total - looked > SPACE_PERIOD) {
                    FreeSpace.require(directory);
                    looked = total;
                }
            }
        }
        answer.finish();
    }

    /** Reports bytes once, even if they have to be fetched again. */
    private static void count(long[] counted, long total, Watch watch) {
        long more = Math.max(0, total - counted[0]);
        counted[0] += more;
        watch.fetched(more);
    }
}
