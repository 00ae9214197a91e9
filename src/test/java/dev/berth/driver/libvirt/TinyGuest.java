package dev.berth.driver.libvirt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageRef;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.VmSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A guest that boots to a shell on its serial port in seconds and prints {@code GUEST-UP}: kernel and initial RAM disk of the
 * image {@code tiny}, built by {@code infra/image-build} unless {@code BERTH_TEST_TINY} names a directory with {@code kernel}
 * and {@code initrd}.
 */
public record TinyGuest(ImageRef kernel, ImageRef initrd) {
    private static final Path BUILT = Path.of("target", "tiny-guest");

    /** Puts the guest into a store. */
    public static TinyGuest install(StoreLayout layout) {
        Path directory = directory();
        ImageRef kernel = new ImageRef(UUID.randomUUID(), ImageFormat.KERNEL);
        ImageRef initrd = new ImageRef(UUID.randomUUID(), ImageFormat.INITRD);
        try {
            Files.copy(directory.resolve("kernel"), layout.image(kernel));
            Files.copy(directory.resolve("initrd"), layout.image(initrd));
        } catch (IOException e) {
            throw new AssertionError("the tiny guest is not complete in " + directory, e);
        }
        return new TinyGuest(kernel, initrd);
    }

    /** A machine that boots it. */
    public VmSpec spec(VmSpec.Firmware firmware, VmSpec.@Nullable CloudInit cloudInit) {
        return new VmSpec(
                firmware,
                List.of(VmSpec.BootDevice.DISK, VmSpec.BootDevice.CDROM),
                new VmSpec.DirectBoot(kernel, initrd, "console=ttyS0 quiet"),
                VmSpec.Video.VIRTIO,
                null,
                true,
                cloudInit);
    }

    private static Path directory() {
        String given = System.getenv("BERTH_TEST_TINY");
        if (given != null) {
            return Path.of(given);
        }
        if (!Files.exists(BUILT.resolve("initrd"))) {
            build();
        }
        return BUILT;
    }

    private static void build() {
        try {
            Files.createDirectories(BUILT);
            Process process = new ProcessBuilder("infra/image-build", "tiny", BUILT.toString())
                    .inheritIO()
                    .start();
            assumeTrue(process.waitFor() == 0, "infra/image-build tiny failed");
        } catch (IOException e) {
            assumeTrue(false, "infra/image-build cannot run: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
