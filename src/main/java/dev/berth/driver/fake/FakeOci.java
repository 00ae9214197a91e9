package dev.berth.driver.fake;

import dev.berth.driver.ContainerSpec.HealthCheck;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageSource;
import dev.berth.driver.OciDetails;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.DataSize;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Made-up OCI images: every image of a registry is one, named after its repository. They share a base layer. One whose name
 * holds {@code system} boots an init; one whose name holds {@code volume} declares the volume {@code /data}; one whose name
 * holds {@code rolling} is another one at every pull; one whose name holds {@code full} says all that an image can say of its
 * process.
 */
final class FakeOci {
    private static final long BASE = 30L << 20;
    private static final long OWN = 5L << 20;
    private static final Set<String> RECIPES = Set.of("busybox", "debian-12-system");

    private static final HealthCheck CHECK =
            new HealthCheck(List.of("check"), Duration.ofSeconds(10), Duration.ofSeconds(5), 2, Duration.ofSeconds(0));

    private FakeOci() {}

    /** The image of a source; empty for what is no OCI image. */
    static Optional<StoredImage> image(UUID id, ImageSource source) {
        return switch (source) {
            case ImageSource.Registry registry -> Optional.of(named(id, registry.reference()));
            case ImageSource.Recipe recipe
            when RECIPES.contains(recipe.name()) -> Optional.of(named(id, recipe.name()));
            case ImageSource.Recipe recipe -> Optional.empty();
            case ImageSource.Url url -> Optional.empty();
            case ImageSource.Upload upload -> Optional.empty();
            case ImageSource.LocalFile file -> Optional.empty();
        };
    }

    private static StoredImage named(UUID id, String reference) {
        String path = reference.replaceFirst("@.*$", "").replaceFirst(":[^/]*$", "");
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean system = name.contains("system");
        boolean full = name.contains("full");
        List<String> command =
                name.equals("busybox") ? List.of("sh") : name.contains("once") ? List.of("true") : List.of(name);
        OciDetails.Config config = new OciDetails.Config(
                full ? List.of("entry") : List.of(),
                system ? List.of() : command,
                List.of("PATH=/usr/local/bin:/usr/bin:/bin"),
                full ? "1000" : null,
                full ? "/srv" : null,
                full || name.equals("nginx") ? "SIGQUIT" : null,
                name.contains("volume") ? List.of("/data") : List.of(),
                name.equals("nginx") ? List.of("80/tcp") : List.of(),
                Map.of("org.opencontainers.image.title", name),
                full ? CHECK : null,
                system);
        String content = name.contains("rolling") ? reference + " " + id : reference;
        List<OciDetails.Layer> layers = List.of(layer("base", BASE), layer(content, OWN));
        return stored(id, new OciDetails(digest("manifest " + content), reference, "linux/amd64", config, layers));
    }

    private static OciDetails.Layer layer(String name, long bytes) {
        return new OciDetails.Layer(digest("blob " + name), digest("diff " + name), bytes / 2, bytes);
    }

    static StoredImage stored(UUID id, OciDetails oci) {
        long size = oci.layers().stream().mapToLong(OciDetails.Layer::size).sum();
        long unpacked =
                oci.layers().stream().mapToLong(OciDetails.Layer::unpacked).sum();
        return new StoredImage(
                id,
                ImageFormat.OCI,
                oci.digest().substring("sha256:".length()),
                new DataSize(size),
                new DataSize(unpacked),
                null,
                oci);
    }

    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
