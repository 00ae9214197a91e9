package dev.berth.driver.images;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageRef;
import dev.berth.driver.ImageSource;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.StoredImage;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.FileTrees;
import dev.berth.kernel.Revert;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The way of an image into the store: fetch, check the digest, unpack, look at the header, inspect, move into place. */
final class ImageArrival {
    static final String STAGING = ".staging-";
    private static final int SHA256_DIGITS = 64;
    private final StoreLayout layout;
    private final Path imageBuild;
    private final List<Path> allowedPaths;
    private final Download.Patience patience;
    private final QemuImgInfo info;
    private final LayeredImages layered;

    ImageArrival(
            StoreLayout layout,
            Path imageBuild,
            List<Path> allowedPaths,
            Download.Patience patience,
            QemuImgInfo info,
            LayeredImages layered) {
        this.layout = layout;
        this.imageBuild = imageBuild;
        this.allowedPaths = allowedPaths;
        this.patience = patience;
        this.info = info;
        this.layered = layered;
    }

    Path staging(UUID id) {
        return layout.images().resolve(STAGING + id);
    }

    Path sidecar(UUID id) {
        return layout.images().resolve(id + ".json");
    }

    StoredImage bring(ImageImport request, ProgressSink progress) throws IOException {
        Path staging = staging(request.id());
        FileTrees.delete(staging);
        Files.createDirectories(staging);
        try {
            Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rwx------"));
            FreeSpace.require(staging);
            return switch (request.source()) {
                case ImageSource.Registry registry ->
                    layered.pull(request, registry, image -> describe(image, staging), progress);
                case ImageSource.Recipe recipe -> build(request, recipe.name(), staging, progress);
                case ImageSource.Url url -> {
                    Path file = download(url, request.maxBytes(), staging, progress);
                    yield take(request, file, true, staging, progress);
                }
                case ImageSource.LocalFile local -> take(request, allowed(local.path()), false, staging, progress);
                case ImageSource.Upload upload -> {
                    Path file = layout.upload(upload.upload());
                    if (!Files.exists(file)) {
                        throw BerthException.notFound("upload", upload.upload());
                    }
                    StoredImage image = take(request, file, true, staging, progress);
                    Files.deleteIfExists(file);
                    yield image;
                }
            };
        } finally {
            FileTrees.delete(staging);
        }
    }

    /** Makes an image in another way. */
    StoredImage make(UUID id, FileImages.Making making) throws IOException {
        Path staging = staging(id);
        FileTrees.delete(staging);
        Files.createDirectories(staging);
        try {
            FreeSpace.require(staging);
            return making.make(image -> describe(image, staging));
        } finally {
            FileTrees.delete(staging);
        }
    }

    private Path download(ImageSource.Url url, long maxBytes, Path staging, ProgressSink progress) throws IOException {
        AddressRules rules = AddressRules.of(url.allowPrivate());
        Path file = staging.resolve("download");
        new Download(rules, maxBytes, patience, progress).fetch(url.url(), file);
        String checksums = url.checksums();
        if (checksums != null) {
            Path list = staging.resolve("checksums");
            new Download(rules, ChecksumList.MOST_BYTES, patience, progress).fetch(checksums, list);
            String name = ImageSource.Url.parse(url.url()).getPath().replaceFirst(".*/", "");
            String expected = ChecksumList.digestOf(name, list);
            String algorithm = expected.length() == SHA256_DIGITS ? "SHA-256" : "SHA-512";
            require(expected, Copying.digest(file, algorithm, progress), algorithm);
        }
        return file;
    }

    private static void require(String expected, String digest, String algorithm) {
        if (!digest.equals(expected)) {
            throw BerthException.of(
                    ErrorCode.CHECKSUM_MISMATCH,
                    "The image has the " + algorithm + " " + digest + ", not the expected one.");
        }
    }

    /** The real path of a file, if it lies below an allowed directory after all links are followed. */
    private Path allowed(String path) throws IOException {
        BerthException refusal = BerthException.of(
                ErrorCode.FORBIDDEN,
                "Files may be imported only from directories that the agent was started with (--allow-path).");
        Path real;
        try {
            real = Path.of(path).toRealPath();
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw refusal;
        }
        for (Path directory : allowedPaths) {
            if (Files.exists(directory) && real.startsWith(directory.toRealPath()) && Files.isRegularFile(real)) {
                return real;
            }
        }
        throw refusal;
    }

    /** Checks a file and stores it; one of our own is moved there instead of copied, if it is not compressed. */
    private StoredImage take(ImageImport request, Path source, boolean own, Path staging, ProgressSink progress)
            throws IOException {
        inspectArrived(request, source, progress);
        if (layered.accepts(source)) {
            return layered.unpack(request, source, null, image -> describe(image, staging), progress);
        }
        Path content = staging.resolve("content");
        Decompression packing = Decompression.of(source);
        if (own && packing == Decompression.NONE) {
            Files.move(source, content, StandardCopyOption.ATOMIC_MOVE);
        } else {
            unpack(request, source, packing, content, progress);
        }
        Inspected inspected = inspect(content, request.maxBytes());
        try (Revert revert = new Revert()) {
            StoredImage image = store(request.id(), content, inspected, null, revert, progress);
            revert.disarm();
            return image;
        }
    }

    private static void inspectArrived(ImageImport request, Path source, ProgressSink progress) throws IOException {
        if (Files.size(source) > request.maxBytes()) {
            throw BerthException.of(
                    ErrorCode.TOO_LARGE, "The image is larger than the allowed " + request.maxBytes() + " bytes.");
        }
        String expected = request.sha256();
        if (expected != null) {
            require(expected, Copying.digest(source, progress), "SHA-256");
        }
    }

    private static void unpack(
            ImageImport request, Path source, Decompression packing, Path content, ProgressSink progress)
            throws IOException {
        long most = request.maxBytes();
        Copying.Limits limits = packing == Decompression.NONE
                ? new Copying.Limits(most, most)
                : Copying.Limits.unpacked(most, Files.size(source));
        try (InputStream in = packing.open(source)) {
            Copying.copy(in, content, limits, progress);
        }
    }

    private record Inspected(ImageFormat format, long virtualSize) {}

    private Inspected inspect(Path content, long maxBytes) throws IOException {
        ImageHeader header = ImageHeader.read(content);
        long virtual =
                header.format() == ImageFormat.ISO ? Files.size(content) : info.virtualSize(content, header.format());
        if (virtual <= 0 || virtual / 16 > maxBytes) {
            throw ImageHeader.refused("Its virtual size of " + virtual + " bytes is out of range.");
        }
        return new Inspected(header.format(), virtual);
    }

    private StoredImage store(
            UUID id,
            Path content,
            Inspected inspected,
            StoredImage.@Nullable Boot boot,
            Revert revert,
            ProgressSink progress)
            throws IOException {
        String digest = Copying.digest(content, progress);
        DataSize size = new DataSize(Files.size(content));
        place(content, new ImageRef(id, inspected.format()), revert);
        StoredImage image = new StoredImage(
                id, inspected.format(), digest, size, new DataSize(inspected.virtualSize()), boot, null);
        describe(image, content.resolveSibling(""));
        revert.add(() -> remove(sidecar(id)));
        return image;
    }

    /** From here on the image exists. */
    private void describe(StoredImage image, Path staging) throws IOException {
        Path sidecar = staging.resolve("stored.json");
        Files.writeString(sidecar, BerthJson.mapper().writeValueAsString(image));
        Copying.sync(sidecar);
        Files.move(sidecar, sidecar(image.id()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Copying.sync(layout.images());
    }

    /** Read-only for everybody: QEMU's user reads it, nobody writes to an image. */
    private void place(Path content, ImageRef ref, Revert revert) throws IOException {
        Copying.sync(content);
        Files.setPosixFilePermissions(content, PosixFilePermissions.fromString("r--r--r--"));
        Files.move(content, layout.image(ref), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        revert.add(() -> remove(layout.image(ref)));
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private StoredImage build(ImageImport request, String recipe, Path staging, ProgressSink progress)
            throws IOException {
        progress.report(Progress.stage("building " + recipe));
        Path out = staging.resolve("built");
        RecipeRun.run(imageBuild, recipe, out, progress);
        JsonNode description =
                BerthJson.mapper().readTree(out.resolve("image.json").toFile());
        Path root = out.resolve("rootfs.tar.gz");
        if (Files.exists(root)) {
            return layered.unpack(
                    request, root, description.path("config"), image -> describe(image, staging), progress);
        }
        String commandLine = description.path("commandLine").asText("");
        Path disk = out.resolve("disk.qcow2");
        if (commandLine.isEmpty()) {
            return take(request, disk, true, staging, progress);
        }
        inspectArrived(request, disk, progress);
        Inspected inspected = inspect(disk, request.maxBytes());
        ImageRef kernel = new ImageRef(part(request.id(), "kernel"), ImageFormat.KERNEL);
        ImageRef initrd = new ImageRef(part(request.id(), "initrd"), ImageFormat.INITRD);
        try (Revert revert = new Revert()) {
            place(out.resolve("kernel"), kernel, revert);
            place(out.resolve("initrd"), initrd, revert);
            StoredImage.Boot boot = new StoredImage.Boot(kernel, initrd, commandLine);
            StoredImage image = store(request.id(), disk, inspected, boot, revert, progress);
            revert.disarm();
            return image;
        }
    }

    /** The id of a part is the same each time, so that a repeated import replaces what an interrupted one left. */
    private static UUID part(UUID image, String name) {
        return UUID.nameUUIDFromBytes((image + name).getBytes(StandardCharsets.UTF_8));
    }
}
