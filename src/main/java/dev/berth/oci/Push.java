package dev.berth.oci;

import dev.berth.driver.LayerStore.PushResult;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sends an image to a registry: the blobs that it lacks, then the manifest, byte for byte as it was pulled. */
final class Push {
    private static final Map<String, String> BINARY = Map.of("Content-Type", "application/octet-stream");
    private final Registry registry;
    private final Blobs blobs;
    private final ProgressSink progress;

    Push(Registry registry, Blobs blobs, ProgressSink progress) {
        this.registry = registry;
        this.blobs = blobs;
        this.progress = progress;
    }

    PushResult send(Manifest manifest, String version) throws IOException {
        List<Descriptor> parts = new ArrayList<>(manifest.layers());
        parts.add(manifest.config());
        long total = parts.stream().mapToLong(Descriptor::size).sum();
        long pushed = 0;
        long skipped = 0;
        for (Descriptor part : parts.stream().distinct().toList()) {
            progress.report(Progress.bytes("pushing", pushed + skipped, total));
            if (has(part)) {
                skipped += part.size();
            } else {
                registry.patiently(() -> upload(part), this::idle);
                pushed += part.size();
            }
        }
        registry.patiently(() -> announce(manifest, version), this::idle);
        progress.report(Progress.bytes("pushing", total, total));
        return new PushResult(manifest.digest().toString(), pushed, skipped);
    }

    private void idle() {
        progress.report(Progress.stage("waiting for the registry"));
    }

    private boolean has(Descriptor part) throws IOException {
        URI uri = registry.uri("blobs/" + part.digest());
        return registry.patiently(
                () -> registry.once("HEAD", uri, Map.of(), null, answer -> {
                    if (answer.status() == 404) {
                        return false;
                    }
                    registry.require(answer, "blob " + part.digest(), 200);
                    return true;
                }),
                this::idle);
    }

    private boolean upload(Descriptor part) throws IOException {
        URI begin = registry.uri("blobs/uploads/");
        URI session = registry.once("POST", begin, Map.of(), null, answer -> {
            registry.require(answer, "place for uploads", 202);
            return registry.follow(begin, answer.header("location"));
        });
        String query = session.getRawQuery();
        URI target = URI.create(session + (query == null ? "?" : "&") + "digest=" + part.digest());
        return registry.once("PUT", target, BINARY, blobs.path(part.digest()), answer -> {
            registry.require(answer, "place for blob " + part.digest(), 201);
            return true;
        });
    }

    private boolean announce(Manifest manifest, String version) throws IOException {
        URI uri = registry.uri("manifests/" + version);
        Map<String, String> headers = Map.of("Content-Type", manifest.mediaType());
        return registry.once("PUT", uri, headers, blobs.path(manifest.digest()), answer -> {
            registry.require(answer, "place for the manifest", 201);
            String digest = answer.header("docker-content-digest");
            if (!digest.isEmpty() && !digest.equals(manifest.digest().toString())) {
                throw BerthException.of(
                        ErrorCode.CHECKSUM_MISMATCH, "The registry stored another manifest than it was sent.");
            }
            return true;
        });
    }
}
