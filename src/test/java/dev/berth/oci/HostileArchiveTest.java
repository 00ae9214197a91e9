package dev.berth.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Layers that mean harm are refused or made harmless, and the host is untouched. Needs root. */
@Tag("lxc")
class HostileArchiveTest {
    private static final long MOST = 64L << 20;

    @TempDir
    private Path directory;

    private Path canary;
    private OciFixture store;

    @BeforeEach
    void start() throws IOException {
        canary = directory.resolve("canary");
        Files.writeString(canary, "alive");
        store = new OciFixture(directory);
    }

    @TestFactory
    Stream<DynamicTest> refused() {
        return HostileLayers.all(canary.toString()).stream()
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> refuse(one)));
    }

    private void refuse(HostileLayers.Case one) throws IOException {
        byte[] archive = TestImage.dockerArchive("{}", one.layer());
        assertThatThrownBy(() -> store.upload(archive, MOST))
                .as(one.name())
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_REFUSED))
                .hasMessageContaining(one.reason());
        assertThat(directory.resolve("state/oci/staging")).isEmptyDirectory();
        assertThat(directory.resolve("state/oci/layers")).isEmptyDirectory();
        assertThat(store.images.images()).isEmpty();
        assertHostUntouched();
    }

    private void assertHostUntouched() throws IOException {
        assertThat(canary).hasContent("alive");
        assertThat((int) Files.getAttribute(canary, "unix:nlink")).isEqualTo(1);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("canary", "state");
        }
    }

    @Test
    void corpusIsLarge() {
        assertThat(HostileLayers.all("/x")).hasSizeGreaterThan(50);
    }

    /** An archive of ten million files ends at the limit, long before the last of them is read. */
    @Test
    void countlessFilesAreRefusedEarly() throws IOException {
        Path target = Files.createDirectory(directory.resolve("state/target"));
        InputStream endless = new SequenceInputStream(Collections.enumeration(IntStream.range(0, 100)
                .mapToObj(i -> (InputStream) new java.io.ByteArrayInputStream(page(i)))
                .toList()));
        Unpacking.Bounds bounds = new Unpacking.Bounds(1L << 40, 1L << 40, 1500, false);
        assertThatThrownBy(() -> new Unpacking(OciFixture.UNPACK).unpack(endless, target, bounds, fed -> {}))
                .hasMessageContaining("more than 1500 entries");
    }

    private static byte[] page(int number) {
        Tar tar = new Tar();
        for (int i = 0; i < 1000; i++) {
            tar.file(number + "-" + i, "");
        }
        return tar.unfinished();
    }

    @Test
    void whatIsAllowedIsHarmless() throws IOException {
        byte[] layer = new Tar()
                .symlink("passwd", "/etc/passwd")
                .symlink("up", "../../../../../../etc/shadow")
                .mode(06755)
                .file("su", "x")
                .mode(0666)
                .special("pipe", '6')
                .file("twice", "first")
                .file("twice", "second")
                .pax(Map.of("SCHILY.xattr.security.selinux", "label"))
                .file("labelled", "x")
                .owner(65_535)
                .file("nobody", "x")
                .bytes();
        StoredImage image = store.upload(TestImage.dockerArchive("{}", layer), MOST);
        Path files = store.oci.directories(OciImages.details(image)).getFirst();

        try (Stream<Path> tree = Files.walk(files)) {
            assertThat(tree).allSatisfy(file -> assertThat(owner(file)).isBetween(1_000_000_000, 1_000_065_535));
        }
        assertThat(Files.readSymbolicLink(files.resolve("passwd"))).hasToString("/etc/passwd");
        assertThat(files.resolve("twice")).hasContent("second");
        assertThat((int) Files.getAttribute(files.resolve("su"), "unix:mode") & 07777)
                .isEqualTo(06755);
        assertThat(Files.getPosixFilePermissions(directory.resolve("state/oci")))
                .as("nobody but root gets to set-user-id files")
                .hasSize(3);
        assertHostUntouched();
    }

    private static int owner(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void accessListsAreForIdsInsideAndGoToNothingElse() throws Exception {
        byte[] layer = new Tar()
                .pax(Map.of(
                        "SCHILY.xattr.system.posix_acl_access", Tar.accessList(33),
                        "SCHILY.xattr.system.posix_acl_default", Tar.accessList(65_535)))
                .directory("open")
                .file("open/plain", "x")
                .directory("open/below")
                .special("open/pipe", '6')
                .pax(Map.of("SCHILY.xattr.system.posix_acl_access", Tar.accessList(34)))
                .file("open/shared", "x")
                .pax(Map.of("SCHILY.xattr.system.posix_acl_default", Tar.accessList(35)))
                .file("open/no-directory", "x")
                .bytes();
        StoredImage image = store.upload(TestImage.dockerArchive("{}", layer), MOST);
        Path open = store.oci.directories(OciImages.details(image)).getFirst().resolve("open");
        assertThat(acl(open))
                .contains("user:1000000033:r--", "group::r-x", "mask::r-x", "other::---")
                .contains("default:user:1000065535:r--", "default:mask::r-x");
        assertThat(acl(open.resolve("shared"))).contains("user::rwx", "user:1000000034:r--");
        for (String name : List.of("plain", "below", "pipe", "no-directory")) {
            assertThat(acl(open.resolve(name)))
                    .as(name)
                    .hasSize(3)
                    .noneMatch(line -> line.startsWith("default:") || line.startsWith("mask"));
        }
    }

    /** As bsdtar and star write them; who has a name and no number is nobody here. */
    @Test
    void accessListsMayBeText() throws Exception {
        byte[] layer = new Tar()
                .pax(Map.of(
                        "SCHILY.acl.access", "user::rwx,user:lisa:r-x:33,group::r-x,mask::rwx,other::---",
                        "SCHILY.acl.default", "user::rwx,group::r-x,group:adm:r-x:4,mask::r-x,other::---"))
                .directory("open")
                .file("open/plain", "x")
                .pax(Map.of(
                        "SCHILY.acl.access", "user::rw-,user:34:rw-,user:homer:rwx,group::r--,mask::rw-,other::r--"))
                .file("open/shared", "x")
                .pax(Map.of(
                        "SCHILY.acl.default", "user::rw-,group::r--,other::r--", "SCHILY.acl.ace", "owner@:r::allow"))
                .file("open/no-directory", "x")
                .pax(Map.of("SCHILY.acl.access", "rubbish,::::"))
                .file("open/rubbish", "x")
                .bytes();
        StoredImage image = store.upload(TestImage.dockerArchive("{}", layer), MOST);
        Path open = store.oci.directories(OciImages.details(image)).getFirst().resolve("open");
        assertThat(acl(open))
                .containsExactly(
                        "user::rwx",
                        "user:1000000033:r-x",
                        "group::r-x",
                        "mask::rwx",
                        "other::---",
                        "default:user::rwx",
                        "default:group::r-x",
                        "default:group:1000000004:r-x",
                        "default:mask::r-x",
                        "default:other::---");
        assertThat(acl(open.resolve("shared")))
                .containsExactly("user::rw-", "user:1000000034:rw-", "group::r--", "mask::rw-", "other::r--");
        for (String name : List.of("plain", "no-directory", "rubbish")) {
            assertThat(acl(open.resolve(name))).as(name).hasSize(3);
        }
    }

    private static List<String> acl(Path file) throws Exception {
        return RegistryDaemon.run("getfacl", "-nc", "--absolute-names", file.toString())
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** A whiteout and a file of one name: the layer's own file counts, whatever their order. */
    @Test
    void whiteoutsAndOwnFilesOfOneNameGetAlong() throws IOException {
        byte[] layer = new Tar()
                .file(".wh.a", "")
                .file("a", "own")
                .file("b", "own")
                .file(".wh.b", "")
                .file(".wh.c", "")
                .directory("c")
                .directory("d")
                .file(".wh.d", "")
                .bytes();
        StoredImage image = store.upload(TestImage.dockerArchive("{}", layer), MOST);
        Path files = store.oci.directories(OciImages.details(image)).getFirst();
        assertThat(files.resolve("a")).hasContent("own");
        assertThat(files.resolve("b")).hasContent("own");
        assertThat(opaque(files.resolve("c"))).isEqualTo("y");
        assertThat(opaque(files.resolve("d"))).isEqualTo("y");
    }

    private static String opaque(Path file) throws IOException {
        try {
            return RegistryDaemon.run(
                    "python3",
                    "-c",
                    "import os,sys; sys.stdout.write(os.getxattr(sys.argv[1],'trusted.overlay.opaque').decode())",
                    file.toString());
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Test
    void layerThatHidesAllBelowEndsTheStack() {
        StoredImage image = store.upload(
                TestImage.dockerArchive(
                        "{}",
                        new Tar().file("below", "x").bytes(),
                        new Tar().file(".wh..wh..opq", "").file("above", "x").bytes()),
                MOST);
        assertThat(store.oci.directories(OciImages.details(image))).hasSize(1);
    }
}
