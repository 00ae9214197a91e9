package dev.berth.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.ImageSource;
import dev.berth.driver.LayerStore;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.Uuids;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways out: push, export, and the end of what nobody uses. Needs root. */
@Tag("lxc")
class PushAndExportTest {
    private static final byte[] BASE =
            new Tar().directory("etc").file("etc/base", "base").bytes();
    private static final byte[] TOP =
            new Tar().directory("etc").file("etc/top", "top").bytes();

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static RegistryDaemon registry;
    private OciFixture store;
    private OciLayers layers;

    @BeforeAll
    static void startRegistry() throws Exception {
        registry = RegistryDaemon.start(shared.resolve("registry"), null);
    }

    @AfterAll
    static void stopRegistry() throws Exception {
        registry.close();
    }

    @BeforeEach
    void start() {
        store = new OciFixture(directory);
        layers = new OciLayers(store.oci, store.images::images, store.layout);
    }

    private LayerStore.PushResult push(StoredImage image, String name) {
        LayerStore.PushTarget target = new LayerStore.PushTarget(registry.address() + "/" + name, null, true, true);
        return layers.pushImage(image.id(), target, ProgressSink.NONE);
    }

    @Test
    void pushedImageHasTheDigestThatItWasPulledWith() throws Exception {
        StoredImage made = store.upload(TestImage.dockerArchive("{\"Cmd\":[\"a\"]}", BASE, TOP));
        LayerStore.PushResult first = push(made, "web:1");
        assertThat(first.skippedBytes()).isZero();
        assertThat(RegistryDaemon.run(
                        "skopeo", "inspect", "--tls-verify=false", "docker://" + registry.address() + "/web:1"))
                .contains(first.digest());

        StoredImage pulled = store.pull(registry.address() + "/web:1", null);
        assertThat(pulled.sha256()).isEqualTo(made.sha256());
        LayerStore.PushResult second = push(pulled, "web:2");
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(second.pushedBytes()).isZero();
    }

    @Test
    void exportsAreWhatOthersRead() throws Exception {
        StoredImage image = store.upload(TestImage.dockerArchive("{\"Cmd\":[\"a\"]}", BASE, TOP));
        for (LayerStore.ArchiveFormat format : LayerStore.ArchiveFormat.values()) {
            Path file = export(image, format);
            String transport = format == LayerStore.ArchiveFormat.OCI ? "oci-archive:" : "docker-archive:";
            Path copy = directory.resolve("copy-" + format);
            RegistryDaemon.run("skopeo", "copy", "-q", transport + file, "dir:" + copy);
            assertThat(copy.resolve("manifest.json")).exists();
            StoredImage back = store.bring(new ImageSource.LocalFile(file.toString()));
            assertThat(OciImages.details(back).config())
                    .isEqualTo(OciImages.details(image).config());
            assertThat(back.sha256()).isEqualTo(image.sha256());
        }
    }

    private Path export(StoredImage image, LayerStore.ArchiveFormat format) throws IOException {
        UUID export = Uuids.next();
        long size = layers.exportImage(image.id(), export, format, ProgressSink.NONE);
        Path file = directory.resolve(format + ".tar");
        try (OutputStream out = Files.newOutputStream(file)) {
            StoredImage.Chunk chunk;
            long offset = 0;
            do {
                chunk = layers.readExport(export, offset, 1000);
                out.write(chunk.data());
                offset += chunk.data().length;
            } while (!chunk.last());
        }
        assertThat(Files.size(file)).isEqualTo(size);
        layers.dropExport(export);
        assertThat(store.layout.exports()).isEmptyDirectory();
        return file;
    }

    @Test
    void garbageGoesAndWhatIsUsedStays() {
        StoredImage both = store.upload(TestImage.dockerArchive("{}", BASE, TOP));
        StoredImage one = store.upload(TestImage.dockerArchive("{}", BASE));
        String top = Digest.of(TOP).toString();
        assertThat(layers.layers()).hasSize(2).anySatisfy(layer -> assertThat(layer.images())
                .containsExactlyInAnyOrder(both.id(), one.id()));
        assertThat(layers.collectGarbage(false).layers()).isEmpty();

        store.images.deleteImage(both.id());
        assertThat(layers.collectGarbage(true).layers()).containsExactly(top);
        assertThat(layers.layers()).as("a dry run takes nothing").hasSize(2);

        LayerStore.Garbage gone = layers.collectGarbage(false);
        assertThat(gone.layers()).containsExactly(top);
        assertThat(gone.bytes()).isPositive();
        assertThat(layers.layers())
                .extracting(LayerStore.StoredLayer::diffId)
                .containsExactly(Digest.of(BASE).toString());
        assertThat(store.oci.directories(OciImages.details(one))).hasSize(1);
        push(one, "left:1");

        store.images.deleteImage(one.id());
        layers.collectGarbage(false);
        assertThat(List.of("blobs", "layers", "partial", "staging"))
                .allSatisfy(name ->
                        assertThat(directory.resolve("state/oci/" + name)).isEmptyDirectory());
    }

    @Test
    void whatAnImportHoldsIsNoGarbage() throws IOException {
        StoredImage image = store.upload(TestImage.dockerArchive("{}", BASE));
        try (Pins.Hold hold = store.oci.pins.hold()) {
            hold.add(Digest.of(BASE));
            store.images.deleteImage(image.id());
            assertThat(layers.collectGarbage(false).layers()).isEmpty();
        }
        assertThat(layers.collectGarbage(false).layers()).hasSize(1);
    }

    @Test
    void imageOfAContainerIsNotDeleted() {
        StoredImage image = store.upload(TestImage.dockerArchive("{}", BASE));
        store.oci.usedBy(() -> java.util.Set.of(image.id()));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> store.images.deleteImage(image.id()))
                .hasMessageContaining("Containers are made of this image");
    }

    @Test
    void recipeBecomesAnImage() {
        StoredImage image = store.bring(new ImageSource.Recipe("busybox"));
        assertThat(OciImages.details(image).config().cmd().getFirst()).isEqualTo("/bin/httpd");
        Path root = store.oci.directories(OciImages.details(image)).getFirst();
        assertThat(root.resolve("www/index.html")).isRegularFile();
        assertThat(Files.isSymbolicLink(root.resolve("bin/sh"))).isTrue();
    }
}
