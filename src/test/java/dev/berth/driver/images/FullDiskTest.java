package dev.berth.driver.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.driver.ImageSource;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a file system of 16 MiB. */
class FullDiskTest {
    @TempDir
    Path directory;

    private final byte[] content = new byte[15 << 20];
    private Path small;

    @BeforeEach
    void mount() throws Exception {
        new Random(3).nextBytes(content);
        small = Files.createDirectory(directory.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", small.toString()) == 0, "mounting needs root");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", small.toString());
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).start().waitFor();
    }

    private static void exhausted(Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        BerthException.class,
                        e -> assertThat(e.code()).as(e.message()).isEqualTo(ErrorCode.OUT_OF_SPACE))
                .hasMessageContaining("delete images or add space");
    }

    @Test
    void aDownloadThatDoesNotFitLeavesNothing() throws IOException {
        ImageStoreFixture store = new ImageStoreFixture(small);
        byte[] large = new byte[20 << 20];
        new Random(4).nextBytes(large);
        try (StubServer server = StubServer.serving(large)) {
            exhausted(() -> store.bring(new ImageSource.Url(server.url("/"), true, null)));
            store.assertNothingIsLeft();
            assertThat(server.gets()).as("no further tries").hasSize(1);
        }
    }

    @Test
    void unpackingThatDoesNotFitLeavesNothing() throws IOException {
        ImageStoreFixture store = new ImageStoreFixture(small);
        Path file = Files.write(directory.resolve("packed"), PackedImagesTest.pack(Decompression.GZIP, content));
        ImageStoreFixture local = new ImageStoreFixture(small, Path.of("/bin/false"), java.util.List.of(directory));
        Files.write(small.resolve("others"), new byte[4 << 20]);
        exhausted(() -> local.bring(new ImageSource.LocalFile(file.toString())));
        store.assertNothingIsLeft();
    }

    @Test
    void anUploadStopsBeforeTheDiskIsFullAndCanGoOn() throws IOException {
        ImageStoreFixture store = new ImageStoreFixture(small);
        UUID upload = UUID.randomUUID();
        Path others = Files.write(small.resolve("others"), new byte[12 << 20]);
        byte[] part = new byte[4 << 20];
        exhausted(() -> {
            store.images.appendUpload(upload, 0, part);
            store.images.appendUpload(upload, store.images.uploadSize(upload), part);
        });
        long reached = store.images.uploadSize(upload);
        assertThat(reached).isLessThan(8 << 20);
        Files.delete(others);
        assertThat(store.images.appendUpload(upload, reached, part)).isEqualTo(reached + part.length);
    }
}
