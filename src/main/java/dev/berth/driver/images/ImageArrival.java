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
import java.io.IOException;
import java.io.InputStream;
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
    private final StoreLayout layout;
    private final Path imageBuild;
    private final List<Path> allowedPaths;

    ImageArrival(StoreLayout layout, Path imageBuild, List<Path> allowedPaths) {
        this.layout = layout;
        this.imageBuild = imageBuild;
        this.allowedPaths = allowedPaths;
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
        Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rwx------"));
        try {
            return switch (request.source()) {
                case ImageSource.Recipe recipe -> build(request, recipe.name(), staging, progress);
                case ImageSource.Url url -> {
                    Path file = staging.resolve("download");
                    new Download(url.allowPrivate(), request.maxBytes(), progress).fetch(url.url(), file);
                    yield take(request, file, null, staging, progress);
                }
                case ImageSource.LocalFile local -> take(request, allowed(local.path()), null, staging, progress);
                case ImageSource.Upload upload -> {
                    Path file = layout.upload(upload.upload());
                    if (!Files.exists(file)) {
                        throw BerthException.notFound("upload", upload.upload());
                    }
                    StoredImage image = take(request, file, null, staging, progress);
                    Files.deleteIfExists(file);
                    yield image;
                }
            };
        } finally {
            FileTrees.delete(staging);
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

    private StoredImage take(
            ImageImport request, Path source, StoredImage.@Nullable Boot boot, Path staging, ProgressSink progress)
            throws IOException {
        if (Files.size(source) > request.maxBytes()) {
            throw tooLarge(request.maxBytes());
        }
        String expected = request.sha256();
        if (expected != null) {
            String digest = Copying.digest(source, progress);
            if (!digest.equals(expected)) {
                throw BerthException.of(
                        ErrorCode.CHECKSUM_MISMATCH, "The image has the SHA-256 " + digest + ", not the expected one.");
            }
        }
        Path content = staging.resolve("content");
        try (InputStream in = Decompression.open(source)) {
            Copying.copy(in, content, request.maxBytes(), progress);
        }
        ImageHeader header = ImageHeader.read(content);
        long virtual = header.format() == ImageFormat.ISO
                ? Files.size(content)
                : QemuImgInfo.virtualSize(content, header.format());
        if (virtual <= 0 || virtual > request.maxBytes() * 16) {
            throw ImageHeader.refused("Its virtual size of " + virtual + " bytes is out of range.");
        }
        return store(request.id(), content, header.format(), virtual, boot, progress);
    }

    private StoredImage store(
            UUID id,
            Path content,
            ImageFormat format,
            long virtual,
            StoredImage.@Nullable Boot boot,
            ProgressSink progress)
            throws IOException {
        String digest = Copying.digest(content, progress);
        DataSize size = new DataSize(Files.size(content));
        place(content, new ImageRef(id, format));
        StoredImage image = new StoredImage(id, format, digest, size, new DataSize(virtual), boot);
        Path sidecar = content.resolveSibling("image.json");
        Files.writeString(sidecar, BerthJson.mapper().writeValueAsString(image));
        Copying.sync(sidecar);
        Files.move(sidecar, sidecar(id), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Copying.sync(layout.images());
        return image;
    }

    /** Read-only for everybody: QEMU's user reads it, nobody writes to an image. */
    private void place(Path content, ImageRef ref) throws IOException {
        Copying.sync(content);
        Files.setPosixFilePermissions(content, PosixFilePermissions.fromString("r--r--r--"));
        Files.move(content, layout.image(ref), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private StoredImage build(ImageImport request, String recipe, Path staging, ProgressSink progress)
            throws IOException {
        progress.report(Progress.stage("building " + recipe));
        Path out = staging.resolve("built");
        RecipeRun.run(imageBuild, recipe, out, progress);
        JsonNode description =
                BerthJson.mapper().readTree(out.resolve("image.json").toFile());
        String commandLine = description.path("commandLine").asText("");
        if (commandLine.isEmpty()) {
            return take(request, out.resolve("disk.qcow2"), null, staging, progress);
        }
        ImageRef kernel = new ImageRef(part(request.id(), "kernel"), ImageFormat.KERNEL);
        ImageRef initrd = new ImageRef(part(request.id(), "initrd"), ImageFormat.INITRD);
        place(out.resolve("kernel"), kernel);
        place(out.resolve("initrd"), initrd);
        return take(
                request,
                out.resolve("disk.qcow2"),
                new StoredImage.Boot(kernel, initrd, commandLine),
                staging,
                progress);
    }

    /** The id of a part is the same each time, so that a repeated import replaces what an interrupted one left. */
    private static UUID part(UUID image, String name) {
        return UUID.nameUUIDFromBytes((image + name).getBytes(StandardCharsets.UTF_8));
    }

    private static BerthException tooLarge(long most) {
        return BerthException.of(ErrorCode.TOO_LARGE, "The image is larger than the allowed " + most + " bytes.");
    }
}
