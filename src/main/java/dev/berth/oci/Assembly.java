package dev.berth.oci;

import dev.berth.driver.ImageFormat;
import dev.berth.driver.OciDetails;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.driver.images.Failures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Makes an image of a manifest: brings each of its layers in, unpacks it if nobody has yet, and describes the whole. */
final class Assembly {
    private static final int PARALLEL = 4;
    private static final List<String> INITS = List.of("/sbin/init", "/lib/systemd/systemd", "/usr/lib/systemd/systemd");
    private final Blobs blobs;
    private final Layers layers;
    private final Turns turns;

    Assembly(Blobs blobs, Layers layers, Turns turns) {
        this.blobs = blobs;
        this.layers = layers;
        this.turns = turns;
    }

    /** Where blobs come from that are not there yet. */
    @FunctionalInterface
    interface Fetching {
        void fetch(Descriptor blob, Watch watch) throws IOException;
    }

    /**
     * What is assembled.
     *
     * @param reference what it was pulled as, or null
     */
    record Plan(
            UUID id,
            Manifest manifest,
            Configuration configuration,
            @Nullable String reference,
            Limits limits,
            boolean skipDevices) {}

    StoredImage assemble(Plan plan, Fetching fetching, Pins.Hold hold, ProgressSink progress) throws IOException {
        List<Descriptor> parts = plan.manifest().layers();
        List<Digest> diffIds = plan.configuration().diffIds();
        if (parts.size() != diffIds.size()) {
            throw Limits.refused(
                    "Its configuration names " + diffIds.size() + " layers, its manifest " + parts.size() + ".");
        }
        parts.forEach(part -> hold.add(part.digest()));
        diffIds.forEach(hold::add);
        Watch watch = new Watch(progress, plan.manifest().layerBytes());
        List<OciDetails.Layer> done = new ArrayList<>();
        long unpacked = 0;
        for (Layers.Known known : bringAll(plan, fetching, watch)) {
            Descriptor part = parts.get(done.size());
            done.add(new OciDetails.Layer(part.digest().toString(), known.diffId(), part.size(), known.unpacked()));
            unpacked += known.unpacked();
        }
        if (unpacked > plan.limits().unpacked()) {
            throw Limits.tooLarge(plan.limits().unpacked());
        }
        return describe(plan, done, unpacked);
    }

    private List<Layers.Known> bringAll(Plan plan, Fetching fetching, Watch watch) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(
                PARALLEL, Thread.ofPlatform().daemon().name("layer-", 0).factory());
        try {
            List<Future<Layers.Known>> futures = new ArrayList<>();
            for (int i = 0; i < plan.manifest().layers().size(); i++) {
                Descriptor part = plan.manifest().layers().get(i);
                Digest diffId = plan.configuration().diffIds().get(i);
                futures.add(pool.submit(() -> guarded(plan, part, diffId, fetching, watch)));
            }
            List<Layers.Known> all = new ArrayList<>();
            for (Future<Layers.Known> future : futures) {
                all.add(result(future, watch));
            }
            return all;
        } finally {
            end(pool);
        }
    }

    /** Nothing goes on behind the back of whoever removes what a failed import left. */
    private static void end(ExecutorService pool) {
        pool.shutdown();
        pool.close();
    }

    private Layers.Known guarded(Plan plan, Descriptor part, Digest diffId, Fetching fetching, Watch watch) {
        try {
            return bring(plan, part, diffId, fetching, watch);
        } catch (IOException e) {
            BerthException translated = Failures.translate(e);
            watch.fail(translated);
            throw translated;
        } catch (RuntimeException e) {
            watch.fail(e);
            throw e;
        }
    }

    private static Layers.Known result(Future<Layers.Known> future, Watch watch) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            watch.check();
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            BerthException interrupted = BerthException.of(ErrorCode.CANCELLED, "The import was interrupted.", e);
            watch.fail(interrupted);
            throw interrupted;
        }
    }

    private Layers.Known bring(Plan plan, Descriptor part, Digest diffId, Fetching fetching, Watch watch)
            throws IOException {
        watch.check();
        try (Turns.Turn turn = turns.take(part.digest(), watch::waiting)) {
            if (blobs.has(part.digest())) {
                watch.fetched(part.size());
            } else {
                fetching.fetch(part, watch);
            }
        }
        try (Turns.Turn turn = turns.take(diffId, watch::waiting)) {
            Layers.Known known = layers.find(diffId).orElse(null);
            if (known != null) {
                watch.unpacked(part.size());
                return known;
            }
            Limits limits = plan.limits();
            Unpacking.Bounds bounds = new Unpacking.Bounds(
                    limits.archive(part.size()), limits.unpacked(), limits.entries(), plan.skipDevices());
            Layers.Known added = layers.add(blobs.path(part.digest()), diffId, bounds, fed -> watch.check());
            watch.unpacked(part.size());
            return added;
        }
    }

    private StoredImage describe(Plan plan, List<OciDetails.Layer> done, long unpacked) {
        OciDetails.Config defaults = plan.configuration().defaults();
        boolean init = done.stream()
                .map(layer -> layers.find(Digest.parse(layer.diffId())))
                .anyMatch(known -> known.isPresent() && known.get().init());
        boolean nothingElse = defaults.entrypoint().isEmpty()
                && (defaults.cmd().isEmpty() || INITS.contains(defaults.cmd().getFirst()));
        Digest digest = plan.manifest().digest();
        return new StoredImage(
                plan.id(),
                ImageFormat.OCI,
                digest.hex(),
                new DataSize(plan.manifest().layerBytes()),
                new DataSize(unpacked),
                null,
                new OciDetails(
                        digest.toString(),
                        plan.reference(),
                        plan.configuration().platform(),
                        system(defaults, init && nothingElse),
                        done));
    }

    private static OciDetails.Config system(OciDetails.Config c, boolean system) {
        return new OciDetails.Config(
                c.entrypoint(),
                c.cmd(),
                c.env(),
                c.user(),
                c.workingDirectory(),
                c.stopSignal(),
                c.volumes(),
                c.exposedPorts(),
                c.labels(),
                c.health(),
                system);
    }
}
