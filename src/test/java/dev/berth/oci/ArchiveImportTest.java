package dev.berth.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageSource;
import dev.berth.driver.OciDetails;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of every kind become images. */
@Tag("lxc")
class ArchiveImportTest {
    @TempDir
    private Path directory;

    private OciFixture store;

    @BeforeEach
    void start() {
        store = new OciFixture(directory);
    }

    private static byte[] root() {
        return new Tar()
                .directory("./")
                .directory("./bin")
                .mode(04755)
                .file("./bin/su", "set-user-id")
                .mode(0644)
                .directory("./sbin")
                .symlink("./sbin/init", "../bin/su")
                .directory("./dev")
                .special("./dev/null", '3')
                .bytes();
    }

    @Test
    void rootFileSystemBecomesAnImageOfOneLayer() throws IOException {
        StoredImage image = store.upload(OciFixture.gzip(root()));

        assertThat(image.format()).isEqualTo(ImageFormat.OCI);
        OciDetails oci = OciImages.details(image);
        assertThat(oci.config().system()).isTrue();
        assertThat(oci.layers()).hasSize(1);
        Path files = store.oci.directories(oci).getFirst();
        Path su = files.resolve("bin/su");
        assertThat(Files.getAttribute(su, "unix:uid")).isEqualTo((int) StoredIds.BASE);
        assertThat((int) Files.getAttribute(su, "unix:mode") & 07777).isEqualTo(04755);
        assertThat(files.resolve("dev/null")).doesNotExist();
        assertThat(store.oci.require(image.id())).isEqualTo(image);
        assertThat(directory.resolve("state/oci/staging")).isEmptyDirectory();
    }

    @Test
    void anImageIsWhatItsFileSaysNow() throws IOException {
        StoredImage first = store.upload(root());
        StoredImage other = store.upload(new Tar().directory("./etc").bytes());
        assertThat(store.oci.require(first.id()).sha256()).isEqualTo(first.sha256());

        Path file = store.layout.images().resolve(first.id() + ".json");
        Files.move(
                store.layout.images().resolve(other.id() + ".json"),
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(store.oci.require(first.id()).sha256()).isEqualTo(other.sha256());

        Files.delete(file);
        assertThatThrownBy(() -> store.oci.require(first.id()))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void theSameRootFileSystemGivesTheSameDigest() {
        assertThat(store.upload(root()).sha256()).isEqualTo(store.upload(root()).sha256());
    }

    @Test
    void dockerArchiveKeepsItsConfigurationAndWhiteouts() throws IOException {
        byte[] lower = new Tar().directory("etc").file("etc/old", "x").bytes();
        byte[] upper = new Tar()
                .file("etc/.wh.old", "")
                .file("etc/new", "y")
                .file("opt/.wh..wh..opq", "")
                .bytes();
        StoredImage image = store.upload(dockerArchive(lower, upper));

        OciDetails oci = OciImages.details(image);
        assertThat(oci.config().cmd()).containsExactly("/bin/sh", "-c", "echo\nhello");
        assertThat(oci.config().env()).containsExactly("PATH=/bin");
        List<Path> directories = store.oci.directories(oci);
        assertThat(directories).hasSize(2);
        Path whiteout = directories.getFirst().resolve("etc/old");
        assertThat(Files.getAttribute(whiteout, "unix:rdev", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(0L);
        assertThat(directories.getLast().resolve("etc/old")).hasContent("x");
    }

    private static byte[] dockerArchive(byte[] lower, byte[] upper) {
        String config = """
                {"architecture":"amd64","os":"linux",
                 "config":{"Cmd":["/bin/sh","-c","echo\\nhello"],"Env":["PATH=/bin"]},
                 "rootfs":{"type":"layers","diff_ids":["%s","%s"]}}""".formatted(Digest.of(lower), Digest.of(upper));
        String name = Digest.of(config.getBytes(StandardCharsets.UTF_8)).hex() + ".json";
        String one = Digest.of(lower).hex();
        String two = Digest.of(upper).hex();
        return new Tar()
                .file(name, config)
                .directory(one + "/")
                .file(one + "/layer.tar", lower)
                .directory(two + "/")
                .file(two + "/layer.tar", upper)
                .file("manifest.json", """
                        [{"Config":"%s","RepoTags":["a:1"],"Layers":["%s/layer.tar","%s/layer.tar"]}]""".formatted(name, one, two))
                .bytes();
    }

    @Test
    void layoutOfSkopeoBecomesAnImage() throws Exception {
        byte[] layer = new Tar().directory("bin").file("bin/a", "a").bytes();
        Path docker = directory.resolve("docker.tar");
        Files.write(docker, dockerArchive(layer, new Tar().file("b", "b").bytes()));
        Path layout = directory.resolve("layout.tar");
        Process skopeo = new ProcessBuilder(
                        "skopeo", "copy", "-q", "docker-archive:" + docker, "oci-archive:" + layout + ":latest")
                .inheritIO()
                .start();
        assertThat(skopeo.waitFor()).isZero();

        StoredImage image = store.bring(new ImageSource.LocalFile(layout.toString()));

        OciDetails oci = OciImages.details(image);
        assertThat(oci.layers()).hasSize(2);
        assertThat(store.oci.directories(oci).getLast().resolve("bin/a")).hasContent("a");
    }
}
