package dev.berth.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ImageReference;
import dev.berth.driver.ImageSource;
import dev.berth.driver.images.StubServer;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries that mean harm, or are broken. */
@Tag("lxc")
class HostileRegistryTest {
    private static final ImageSource.Login LOGIN = new ImageSource.Login("me", "secret");
    private static final TestImage IMAGE = TestImage.of(new Tar().file("a", "x").bytes());

    @TempDir
    private Path directory;

    private OciFixture store;
    private StubRegistry registry;

    @BeforeEach
    void start() throws IOException {
        store = new OciFixture(directory);
        registry = new StubRegistry().has(IMAGE);
    }

    @AfterEach
    void stop() {
        registry.close();
        assertThat(directory.resolve("state/oci/staging")).isEmptyDirectory();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String version, ErrorCode code) {
        return assertThatThrownBy(() -> store.pull(registry.reference(version), LOGIN))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void honestOneIsPulled() {
        assertThat(store.pull(registry.reference(":1"), null).sha256())
                .isEqualTo(IMAGE.digest().hex());
        assertThat(registry.requests())
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("authorization"));
    }

    @Test
    void manifestSentAsAnIndexIsRefused() {
        registry.has("manifests/1", MediaTypes.INDEX, IMAGE.manifest());
        refused(":1", ErrorCode.IMAGE_REFUSED).hasMessageContaining("was sent as");
    }

    @Test
    void manifestThatIsAnIndexTooIsRefused() {
        String both = new String(IMAGE.manifest(), StandardCharsets.UTF_8).replaceFirst("\\{", "{\"manifests\":[],");
        registry.has("manifests/1", MediaTypes.MANIFEST, both.getBytes(StandardCharsets.UTF_8));
        refused(":1", ErrorCode.IMAGE_REFUSED).hasMessageContaining("ambiguous");
    }

    @Test
    void sameKeyTwiceIsRefused() {
        String twice = new String(IMAGE.manifest(), StandardCharsets.UTF_8).replaceFirst("\\{", "{\"layers\":[],");
        registry.has("manifests/1", MediaTypes.MANIFEST, twice.getBytes(StandardCharsets.UTF_8));
        refused(":1", ErrorCode.IMAGE_REFUSED).hasMessageContaining("cannot be read as JSON");
    }

    @Test
    void manifestThatIsNotTheDigestIsRefused() {
        String digest = "sha256:" + "0".repeat(64);
        registry.has("manifests/" + digest, MediaTypes.MANIFEST, IMAGE.manifest());
        refused("@" + digest, ErrorCode.CHECKSUM_MISMATCH);
    }

    @Test
    void hugeManifestIsRefused() {
        registry.has("manifests/1", MediaTypes.MANIFEST, new byte[5 << 20]);
        refused(":1", ErrorCode.IMAGE_REFUSED).hasMessageContaining("more than");
    }

    @Test
    void tooManyLayersAreRefused() {
        byte[][] layers = new byte[128][];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = new Tar().file("f" + i, "").bytes();
        }
        registry.has(TestImage.of(layers));
        refused(":1", ErrorCode.IMAGE_REFUSED).hasMessageContaining("1 to 127 layers");
    }

    @Test
    void tamperedLayerIsRefusedAndNothingOfItUnpacked() {
        byte[] tampered = IMAGE.layers().getFirst().clone();
        tampered[tampered.length - 12] ^= 1;
        registry.has("blobs/" + IMAGE.layer(0), "application/octet-stream", tampered);
        refused(":1", ErrorCode.CHECKSUM_MISMATCH);
        assertThat(directory.resolve("state/oci/layers")).isEmptyDirectory();
        assertThat(directory.resolve("state/oci/partial")).isEmptyDirectory();
    }

    @Test
    void layerThatNeverEndsIsRefused() {
        registry.on("blobs/" + IMAGE.layer(0), (request, out) -> {
            StubServer.head(out, "200 OK");
            while (true) {
                out.write(new byte[65536]);
            }
        });
        refused(":1", ErrorCode.CHECKSUM_MISMATCH).hasMessageContaining("more than");
    }

    @Test
    void layerWhoseContentIsNotTheConfigurationsIsRefused() {
        byte[] other = OciFixture.gzip(new Tar().file("other", "y").bytes());
        Descriptor part = new Descriptor(MediaTypes.LAYER + "+gzip", Digest.of(other), other.length);
        registry.has("manifests/1", MediaTypes.MANIFEST, Composition.manifest(IMAGE.config(), List.of(part)));
        registry.has("blobs/" + Digest.of(other), "application/octet-stream", other);
        refused(":1", ErrorCode.CHECKSUM_MISMATCH).hasMessageContaining("when it is unpacked");
        assertThat(directory.resolve("state/oci/layers")).isEmptyDirectory();
    }

    @Test
    void urlsOfLayersAreIgnored() throws IOException {
        try (StubRegistry elsewhere = new StubRegistry()) {
            String foreign = new String(IMAGE.manifest(), StandardCharsets.UTF_8)
                    .replace(
                            "\"size\":" + IMAGE.layers().getFirst().length,
                            "\"urls\":[\"http://127.0.0.1:" + elsewhere.port() + "/x\"],\"size\":"
                                    + IMAGE.layers().getFirst().length);
            assertThat(foreign).contains("urls");
            registry.has("manifests/1", MediaTypes.MANIFEST, foreign.getBytes(StandardCharsets.UTF_8));
            store.pull(registry.reference(":1"), LOGIN);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void passwordStaysBehindWhenARedirectLeavesTheRegistry() throws IOException {
        registry.on("manifests/1", (request, out) -> {
            if (request.headers().containsKey("authorization")) {
                StubServer.send(
                        out, "200 OK", IMAGE.manifest(), 0, "Content-Type: " + MediaTypes.MANIFEST, request.head());
            } else {
                StubServer.head(out, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"", "Content-Length: 0");
            }
        });
        try (StubRegistry elsewhere = new StubRegistry().has(IMAGE)) {
            registry.on(
                    "blobs/" + IMAGE.layer(0),
                    (request, out) -> StubServer.head(
                            out,
                            "307 Temporary Redirect",
                            "Location: http://"
                                    + elsewhere
                                            .reference("/blobs/" + IMAGE.layer(0))
                                            .replace("/a/", "/v2/a/"),
                            "Content-Length: 0"));
            store.pull(registry.reference(":1"), LOGIN);
            assertThat(elsewhere.requests()).hasSize(1).allSatisfy(request -> assertThat(request.headers())
                    .doesNotContainKey("authorization"));
        }
    }

    @Test
    void passwordIsNotSentToAServerOfTokensElsewhere() {
        registry.on(
                "manifests/1",
                (request, out) -> StubServer.head(
                        out,
                        "401 Unauthorized",
                        "WWW-Authenticate: Bearer realm=\"http://localhost:" + registry.port()
                                + "/token\",service=\"x\"",
                        "Content-Length: 0"));
        refused(":1", ErrorCode.FORBIDDEN).hasMessageContaining("it was not sent");
        assertThat(registry.requests()).noneMatch(request -> request.path().startsWith("/token"));
    }

    @Test
    void tokenOfTheRegistryItselfIsUsed() {
        registry.onPath(
                "/token",
                (request, out) -> StubServer.send(
                        out, "200 OK", "{\"token\":\"t1\"}".getBytes(StandardCharsets.UTF_8), 0, "", false));
        registry.on("manifests/1", (request, out) -> {
            if ("Bearer t1".equals(request.headers().get("authorization"))) {
                StubServer.send(out, "200 OK", IMAGE.manifest(), 0, "Content-Type: " + MediaTypes.MANIFEST, false);
            } else {
                StubServer.head(
                        out,
                        "401 Unauthorized",
                        "WWW-Authenticate: Bearer realm=\"http://127.0.0.1:" + registry.port()
                                + "/token\",service=\"x\",scope=\"repository:a:pull\"",
                        "Content-Length: 0");
            }
        });
        assertThat(store.pull(registry.reference(":1"), LOGIN).sha256())
                .isEqualTo(IMAGE.digest().hex());
        assertThat(registry.requests())
                .anyMatch(request -> request.path().startsWith("/token?")
                        && request.headers().getOrDefault("authorization", "").startsWith("Basic "));
    }

    @Test
    void privateAddressIsRefused() {
        ImageSource source = new ImageSource.Registry(registry.reference(":1"), null, true, false, null);
        assertThatThrownBy(() -> store.bring(source))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_REFUSED));
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void redirectToAPrivateAddressIsRefused() throws Exception {
        Registry hub = new Registry(
                ImageReference.parse("registry.example.com/a:1"),
                new Registry.Connection(null, false, false),
                "pull",
                java.time.Duration.ofMillis(1));
        assertThatThrownBy(() -> hub.once(
                        "GET", java.net.URI.create("https://169.254.169.254/x"), java.util.Map.of(), null, answer -> 0))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_REFUSED));
    }

    @Test
    void plainHttpIsNotUsedUnlessAsked() {
        ImageSource source = new ImageSource.Registry(registry.reference(":1"), null, false, true, null);
        assertThatThrownBy(() -> store.bring(source)).hasMessageContaining("plain HTTP");
    }

    @Test
    void brokenTransferGoesOnWhereItWas() {
        byte[] noise = new byte[2 << 20];
        new Random(1).nextBytes(noise);
        TestImage big = TestImage.of(new Tar().file("noise", noise).bytes());
        byte[] layer = big.layers().getFirst();
        AtomicInteger tries = new AtomicInteger();
        registry.has(big).on("blobs/" + big.layer(0), (request, out) -> {
            if (tries.getAndIncrement() < 2) {
                StubServer.head(out, "200 OK", "Content-Length: " + layer.length);
                out.write(layer, 0, 1 << 20);
                out.flush();
            } else {
                StubServer.send(out, "200 OK", layer, request.from(), "", false);
            }
        });
        store.pull(registry.reference(":1"), null);
        assertThat(registry.requests().getLast().from()).isEqualTo(1 << 20);
    }

    @Test
    void interruptedPullGoesOnAfterARestartOfTheAgent() {
        byte[] noise = new byte[2 << 20];
        new Random(2).nextBytes(noise);
        TestImage big = TestImage.of(new Tar().file("noise", noise).bytes());
        byte[] layer = big.layers().getFirst();
        registry.has(big).on("blobs/" + big.layer(0), (request, out) -> {
            StubServer.head(out, request.from() == 0 ? "200 OK" : "500 Broken", "Content-Length: " + layer.length);
            out.write(layer, 0, 1 << 20);
        });
        refused(":1", ErrorCode.IMAGE_REFUSED).hasMessageContaining("cannot be used");

        registry.has(big);
        store = new OciFixture(directory);
        store.pull(registry.reference(":1"), null);
        assertThat(registry.requests().getLast().from()).isEqualTo(1 << 20);
    }
}
