package dev.berth.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ImageSource;
import dev.berth.driver.OciDetails;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from Debian's docker-registry of images that skopeo pushed. Needs root. */
@Tag("lxc")
class PullTest {
    private static final byte[] BASE = new Tar()
            .directory("etc")
            .file("etc/base", "base")
            .file("etc/gone", "x")
            .bytes();
    private static final byte[] TOP = new Tar()
            .directory("etc")
            .file("etc/.wh.gone", "")
            .file("etc/top", "top")
            .bytes();

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static RegistryDaemon registry;

    @BeforeAll
    static void start() throws Exception {
        registry = RegistryDaemon.start(shared.resolve("open"), null);
        Path archive = shared.resolve("image.tar");
        Files.write(archive, TestImage.dockerArchive("{\"Cmd\":[\"/bin/sh\"],\"User\":\"www\"}", BASE, TOP));
        push(archive, "web:gzip", "--format=oci");
        push(archive, "web:docker", "--format=v2s2");
        push(archive, "web:zstd", "--format=oci", "--dest-compress-format=zstd");
    }

    private static void push(Path archive, String name, String... options) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("skopeo", "copy", "-q", "--dest-tls-verify=false"));
        command.addAll(List.of(options));
        command.addAll(List.of("docker-archive:" + archive, "docker://" + registry.address() + "/" + name));
        RegistryDaemon.run(command.toArray(String[]::new));
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
    }

    private static String digestOf(String name) throws Exception {
        return RegistryDaemon.run(
                        "skopeo",
                        "inspect",
                        "--tls-verify=false",
                        "--format={{.Digest}}",
                        "docker://" + registry.address() + "/" + name)
                .strip();
    }

    @Test
    void tagsAreReachedInEveryForm() throws Exception {
        OciFixture store = new OciFixture(directory);
        for (String tag : List.of("gzip", "docker", "zstd")) {
            String name = registry.address() + "/web:" + tag;
            OciDetails oci = OciImages.details(store.pull(name, null));
            assertThat(oci.digest()).isEqualTo(digestOf("web:" + tag));
            assertThat(oci.reference()).isEqualTo(name);
            assertThat(oci.config().user()).isEqualTo("www");
            assertThat(store.oci.directories(oci).getFirst().resolve("etc/top")).hasContent("top");
        }
        assertThat(directory.resolve("state/oci/layers").toFile().list())
                .as("one directory per layer, whatever it was packed with")
                .hasSize(2);
    }

    @Test
    void digestIsReached() throws Exception {
        String digest = digestOf("web:gzip");
        OciFixture store = new OciFixture(directory);
        StoredImage image = store.pull(registry.address() + "/web@" + digest, null);
        assertThat(OciImages.details(image).digest()).isEqualTo(digest);
    }

    @Test
    void indexGivesTheImageOfThePlatform() throws Exception {
        TestImage intel = TestImage.of(
                "amd64", "{\"Cmd\":[\"intel\"]}", new Tar().file("a", "intel").bytes());
        TestImage arm = TestImage.of(
                "arm64", "{\"Cmd\":[\"arm\"]}", new Tar().file("a", "arm").bytes());
        Path layout = directory.resolve("layout");
        Files.createDirectories(layout.resolve("blobs/sha256"));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        for (TestImage image : List.of(intel, arm)) {
            for (byte[] blob :
                    List.of(image.manifest(), image.config(), image.layers().getFirst())) {
                Files.write(layout.resolve("blobs/sha256/" + Digest.of(blob).hex()), blob);
            }
        }
        byte[] index = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.INDEX + "\",\"manifests\":["
                        + entry(arm, "arm64") + "," + entry(intel, "amd64") + "]}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Files.write(layout.resolve("blobs/sha256/" + Digest.of(index).hex()), index);
        Files.writeString(
                layout.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" + MediaTypes.INDEX + "\",\"digest\":\""
                        + Digest.of(index) + "\",\"size\":" + index.length + "}]}");
        RegistryDaemon.run(
                "skopeo",
                "copy",
                "-q",
                "--all",
                "--dest-tls-verify=false",
                "oci:" + layout,
                "docker://" + registry.address() + "/multi:1");

        OciFixture store = new OciFixture(directory);
        String name = registry.address() + "/multi:1";
        assertThat(OciImages.details(store.pull(name, null)).config().cmd()).containsExactly("intel");
        StoredImage other = store.bring(new ImageSource.Registry(name, null, true, true, "linux/arm64"));
        assertThat(OciImages.details(other).config().cmd()).containsExactly("arm");
        assertThatThrownBy(() -> store.bring(new ImageSource.Registry(name, null, true, true, "linux/s390x")))
                .hasMessageContaining("not made for linux/s390x");
    }

    private static String entry(TestImage image, String architecture) {
        return "{\"mediaType\":\"" + MediaTypes.MANIFEST + "\",\"digest\":\"" + image.digest() + "\",\"size\":"
                + image.manifest().length + ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture
                + "\"}}";
    }

    @Test
    void twoPullsOfOneLayerShareIt() {
        OciFixture store = new OciFixture(directory);
        String name = registry.address() + "/web:gzip";
        Executor threads = task -> Thread.ofPlatform().daemon().start(task);
        CompletableFuture<StoredImage> one = CompletableFuture.supplyAsync(() -> store.pull(name, null), threads);
        CompletableFuture<StoredImage> two = CompletableFuture.supplyAsync(() -> store.pull(name, null), threads);
        assertThat(one.join().oci()).isEqualTo(two.join().oci());
        assertThat(directory.resolve("state/oci/layers").toFile().list()).hasSize(2);
    }

    @Test
    void unknownTagIsTold() {
        OciFixture store = new OciFixture(directory);
        assertThatThrownBy(() -> store.pull(registry.address() + "/web:none", null))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("'none'");
    }

    @Test
    void aRegistryWithoutTlsIsToldFromABrokenOne() {
        OciFixture store = new OciFixture(directory);
        String name = registry.address() + "/web:gzip";
        assertThatThrownBy(() -> store.bring(new ImageSource.Registry(name, null, false, true, null)))
                .isInstanceOfSatisfying(BerthException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_REFUSED);
                    assertThat(e.details()).containsEntry("reason", "no-tls");
                });
        assertThatThrownBy(() -> store.bring(new ImageSource.Registry("127.0.0.1:1/web:1", null, false, true, null)))
                .isInstanceOfSatisfying(BerthException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_REFUSED);
                    assertThat(e.details()).doesNotContainKey("reason");
                });
    }

    @Test
    void loginIsNeededAndWrongOnesAreTold() throws Exception {
        String users = "me:" + BcryptUtil.bcryptHash("right", 4).replace("$2a$", "$2y$");
        try (RegistryDaemon locked = RegistryDaemon.start(shared.resolve("locked"), users)) {
            Path archive = shared.resolve("image.tar");
            RegistryDaemon.run(
                    "skopeo",
                    "copy",
                    "-q",
                    "--dest-tls-verify=false",
                    "--dest-creds=me:right",
                    "docker-archive:" + archive,
                    "docker://" + locked.address() + "/web:1");
            OciFixture store = new OciFixture(directory);
            String name = locked.address() + "/web:1";
            assertThatThrownBy(() -> store.pull(name, null)).hasMessageContaining("wants a login");
            assertThatThrownBy(() -> store.pull(name, new ImageSource.Login("me", "wrong")))
                    .hasMessageContaining("refuses the user 'me'")
                    .hasMessageNotContaining("wrong'");
            assertThat(store.pull(name, new ImageSource.Login("me", "right")).oci())
                    .isNotNull();
        }
    }
}
