package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.Committing;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageReference;
import dev.berth.driver.ImageSource;
import dev.berth.driver.OciDetails;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.StoredImage;
import dev.berth.driver.images.Failures;
import dev.berth.driver.images.LayeredImages;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.FileTrees;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The OCI images of a node. What a container driver needs: {@link #require} and {@link #directories}. */
public final class OciImages implements LayeredImages {
    private final Path descriptions;
    private final List<Supplier<Set<UUID>>> users = new CopyOnWriteArrayList<>();
    final OciLayout layout;
    final Blobs blobs;
    final Layers layers;
    final Pins pins = new Pins();
    private final Turns turns = new Turns();
    private final Map<UUID, Description> described = new ConcurrentHashMap<>();
    private final Assembly assembly;
    private final Archives archives;
    private final RootArchive roots;
    final Duration pause;

    /**
     * A store.
     *
     * @param unpack the program {@code berth-unpack}
     */
    public OciImages(StoreLayout store, Path unpack) {
        this(store, unpack, Duration.ofSeconds(1));
    }

    OciImages(StoreLayout store, Path unpack, Duration pause) {
        this.descriptions = store.images();
        this.layout = new OciLayout(store.oci());
        this.blobs = new Blobs(layout);
        Unpacking unpacking = new Unpacking(unpack);
        this.layers = new Layers(layout, unpacking);
        this.assembly = new Assembly(blobs, layers, turns);
        this.pause = pause;
        this.archives = new Archives(layout, blobs, unpacking, assembly);
        this.roots = new RootArchive(layout, blobs, layers, assembly);
        prepare();
    }

    /** Makes the directories, which only root may enter, and removes what an interrupted import left. */
    private void prepare() {
        try {
            FileTrees.delete(layout.staging());
            for (Path directory :
                    List.of(layout.root(), layout.blobs(), layout.partials(), layout.layers(), layout.staging())) {
                Files.createDirectories(directory);
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    /** Registers somebody who makes containers of images, and says which images they are made of. */
    public void usedBy(Supplier<Set<UUID>> images) {
        users.add(images);
    }

    @Override
    public boolean inUse(UUID image) {
        return users.stream().anyMatch(user -> user.get().contains(image));
    }

    /** An image of this node; NOT_FOUND, or UNSUPPORTED if it is a disk. */
    public StoredImage require(UUID id) {
        Path file = description(id);
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            Description known = described.get(id);
            if (known == null || !known.isOf(found)) {
                StoredImage image = BerthJson.mapper().readValue(file.toFile(), StoredImage.class);
                details(image);
                known = new Description(image, found.fileKey(), found.lastModifiedTime());
                described.keySet().removeIf(other -> !Files.exists(description(other)));
                described.put(id, known);
            }
            return known.image();
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw BerthException.notFound("image", id);
        } catch (IOException e) {
            throw Failures.translate(e);
        }
    }

    private Path description(UUID id) {
        return descriptions.resolve(id + ".json");
    }

    /** What was read of a file; one that takes its place is another file. */
    private record Description(StoredImage image, @Nullable Object file, FileTime modified) {
        boolean isOf(BasicFileAttributes found) {
            return Objects.equals(file, found.fileKey()) && modified.equals(found.lastModifiedTime());
        }
    }

    /** An image's layers and defaults. */
    public static OciDetails details(StoredImage image) {
        OciDetails oci = image.oci();
        if (oci == null) {
            throw BerthException.of(
                    ErrorCode.UNSUPPORTED, "This image is a disk of a virtual machine; containers need an OCI image.");
        }
        return oci;
    }

    /** The directories of an image's layers, topmost first; their files' ids are shifted by {@link StoredIds#BASE}. */
    public List<Path> directories(OciDetails image) {
        return layers.directories(image);
    }

    @Override
    public boolean accepts(Path file) throws IOException {
        return Archives.kind(file) != TarScan.Kind.NONE;
    }

    @Override
    public StoredImage unpack(
            ImageImport request, Path archive, @Nullable JsonNode config, Keeper keeper, ProgressSink progress)
            throws IOException {
        TarScan.Kind kind = config == null ? Archives.kind(archive) : TarScan.Kind.ROOT;
        try (Pins.Hold hold = pins.hold()) {
            StoredImage image =
                    switch (kind) {
                        case OCI, DOCKER -> archives.bring(request, archive, kind, hold, progress);
                        case ROOT -> roots.bring(request, archive, config, hold, progress);
                        case NONE -> throw Limits.refused("It is no archive.");
                    };
            keeper.keep(image);
            return image;
        }
    }

    @Override
    public StoredImage pull(ImageImport request, ImageSource.Registry source, Keeper keeper, ProgressSink progress)
            throws IOException {
        ImageReference reference = ImageReference.parse(source.reference());
        Limits limits = Limits.of(request.maxBytes());
        Registry registry = new Registry(
                reference,
                new Registry.Connection(source.login(), source.plainHttp(), source.allowPrivate()),
                "pull",
                pause);
        Pull pull = new Pull(registry, layout, blobs, limits);
        String platform = source.platform();
        try (Pins.Hold hold = pins.hold()) {
            Manifest manifest = pull.manifest(reference, platform == null ? Index.here() : platform, hold, progress);
            Configuration configuration = configuration(manifest, pull, hold, progress);
            Assembly.Plan plan =
                    new Assembly.Plan(request.id(), manifest, configuration, reference.toString(), limits, false);
            StoredImage image = assembly.assemble(plan, pull::blob, hold, progress);
            keeper.keep(image);
            return image;
        }
    }

    /**
     * Makes an image of another one and a further layer.
     *
     * @param layer uncompressed archive; the caller removes it
     */
    public StoredImage commit(
            StoredImage base, Committing.CommitRequest request, Path layer, Keeper keeper, ProgressSink progress)
            throws IOException {
        LayerCommit commit = new LayerCommit(layout, blobs, layers, assembly);
        try (Pins.Hold hold = pins.hold()) {
            StoredImage image = commit.commit(
                    base, request, layer, hold, progress, Instant.now().truncatedTo(ChronoUnit.SECONDS));
            keeper.keep(image);
            return image;
        }
    }

    private Configuration configuration(Manifest manifest, Pull pull, Pins.Hold hold, ProgressSink progress)
            throws IOException {
        Descriptor config = manifest.config();
        hold.add(config.digest());
        Watch watch = new Watch(progress, config.size());
        try (Turns.Turn turn = turns.take(config.digest(), watch::waiting)) {
            if (!blobs.has(config.digest())) {
                pull.blob(config, watch);
            }
        }
        return Configuration.parse(blobs.read(config.digest(), (int) config.size()));
    }
}
