package dev.berth.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ImageImport;
import dev.berth.driver.ImageSource;
import dev.berth.driver.Progress;
import dev.berth.driver.StoredImage;
import dev.berth.driver.images.StubServer;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pulls at the same time, from a registry that counts and that waits with the layer until both are under way. */
@Tag("lxc")
@Timeout(120)
class SharedPullTest {
    private static final byte[] LAYER =
            new Tar().file("shared", "x".repeat(100_000)).bytes();
    private static final TestImage ONE = TestImage.of("amd64", "{\"Cmd\":[\"one\"]}", LAYER);
    private static final TestImage TWO = TestImage.of("amd64", "{\"Cmd\":[\"two\"]}", LAYER);

    @TempDir
    private Path directory;

    private final CountDownLatch bothAreThere = new CountDownLatch(1);
    private final AtomicInteger layers = new AtomicInteger();
    private OciFixture store;
    private StubRegistry registry;

    @BeforeEach
    void start() throws IOException {
        store = new OciFixture(directory);
        registry = new StubRegistry().has(ONE).has(TWO).has("manifests/1", MediaTypes.MANIFEST, ONE.manifest());
        registry.has("manifests/2", MediaTypes.MANIFEST, TWO.manifest());
        registry.on("blobs/" + ONE.layer(0), this::layer);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    /** The first answer is what the test wants; others are the layer. */
    private boolean firstIsTampered;

    private void layer(StubServer.Request request, OutputStream out) throws Exception {
        boolean first = layers.incrementAndGet() == 1;
        assertThat(bothAreThere.await(20, TimeUnit.SECONDS)).isTrue();
        byte[] content = ONE.layers().getFirst().clone();
        if (first && firstIsTampered) {
            content[content.length / 2] ^= 1;
        }
        StubServer.send(out, "200 OK", content, 0, "Content-Type: application/octet-stream", false);
    }

    private CompletableFuture<StoredImage> pull(UUID id, String tag) {
        ImageSource source = new ImageSource.Registry(registry.reference(tag), null, true, true, "linux/amd64");
        return CompletableFuture.supplyAsync(
                () -> store.images.importImage(new ImageImport(id, source, null, 1L << 30), this::report),
                // The common pool has one thread where there are two processors.
                task -> Thread.ofPlatform().daemon().start(task));
    }

    private void report(Progress progress) {
        if (progress.stage().startsWith("waiting for another pull")
                || progress.stage().startsWith("waiting for the same image")) {
            bothAreThere.countDown();
        }
    }

    private void ends(CompletableFuture<StoredImage> failing) {
        assertThatThrownBy(failing::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKSUM_MISMATCH));
    }

    private void awaitLayer() throws InterruptedException {
        while (layers.get() == 0) {
            Thread.sleep(10);
        }
    }

    private String content(StoredImage image) throws IOException {
        Path file = store.oci.directories(OciImages.details(image)).getFirst().resolve("shared");
        return java.nio.file.Files.readString(file, StandardCharsets.UTF_8);
    }

    @Test
    void twoImagesFetchTheirLayerOnce() throws Exception {
        CompletableFuture<StoredImage> one = pull(Uuids.next(), ":1");
        awaitLayer();
        CompletableFuture<StoredImage> two = pull(Uuids.next(), ":2");
        assertThat(content(one.join())).isEqualTo(content(two.join()));
        assertThat(OciImages.details(one.join()).config().cmd()).containsExactly("one");
        assertThat(OciImages.details(two.join()).config().cmd()).containsExactly("two");
        assertThat(layers).hasValue(1);
    }

    @Test
    void whereTheFirstFailsTheSecondFetchesItItself() throws Exception {
        firstIsTampered = true;
        CompletableFuture<StoredImage> one = pull(Uuids.next(), ":1");
        awaitLayer();
        CompletableFuture<StoredImage> two = pull(Uuids.next(), ":2");
        ends(one);
        assertThat(content(two.join())).startsWith("xxx");
        assertThat(layers).hasValue(2);
    }

    @Test
    void twoImportsOfOneImageAreOne() throws Exception {
        UUID id = Uuids.next();
        CompletableFuture<StoredImage> one = pull(id, ":1");
        awaitLayer();
        CompletableFuture<StoredImage> two = pull(id, ":1");
        assertThat(one.join()).isEqualTo(two.join());
        assertThat(layers).hasValue(1);
        assertThat(registry.requests().stream()
                        .filter(request -> request.path().contains("/manifests/"))
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whereTheFirstImportOfAnImageFailsTheSecondTriesItself() throws Exception {
        firstIsTampered = true;
        UUID id = Uuids.next();
        CompletableFuture<StoredImage> one = pull(id, ":1");
        awaitLayer();
        CompletableFuture<StoredImage> two = pull(id, ":1");
        ends(one);
        assertThat(two.join().id()).isEqualTo(id);
        assertThat(content(two.join())).startsWith("xxx");
        assertThat(layers).hasValue(2);
    }
}
