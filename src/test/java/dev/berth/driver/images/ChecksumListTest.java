package dev.berth.driver.images;

import static dev.berth.driver.images.ImageStoreFixture.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.ImageSource;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vendors' lists of checksums, and downloads that are checked against them. */
class ChecksumListTest {
    private static final String SHORT = "ab".repeat(32);
    private static final String LONG = "CD".repeat(64);

    @TempDir
    Path directory;

    private String digestOf(String name, String list) throws IOException {
        return ChecksumList.digestOf(name, Files.writeString(directory.resolve("list"), list));
    }

    @Test
    void readsTheFormsThatVendorsUse() throws IOException {
        String list = "# a comment\n" + SHORT.replace('a', 'f') + "  other.img\n" + SHORT + " *disk.img\n" + LONG
                + "  debian.qcow2\r\nSHA256 (Rocky-9.latest.qcow2) = " + SHORT + "\n" + SHORT + "  ./dotted.img";
        assertThat(digestOf("disk.img", list)).isEqualTo(SHORT);
        assertThat(digestOf("debian.qcow2", list)).isEqualTo(LONG.toLowerCase(java.util.Locale.ROOT));
        assertThat(digestOf("Rocky-9.latest.qcow2", list)).isEqualTo(SHORT);
        assertThat(digestOf("dotted.img", list)).isEqualTo(SHORT);
    }

    @Test
    void refusesAFileThatIsNotListed() {
        for (String list : List.of("", SHORT + "  disk.img.sig\n", "ab  disk.img\n", "<html>disk.img</html>")) {
            fails(ErrorCode.IMAGE_REFUSED, "does not name 'disk.img'", () -> {
                try {
                    digestOf("disk.img", list);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void checksADownload() throws Exception {
        byte[] image = Qcow2Bytes.sound();
        String right =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(image));
        String lists = right + "  disk.qcow2\n" + LONG + "  wrong.qcow2\n";
        ImageStoreFixture store = new ImageStoreFixture(directory);
        try (StubServer server = StubServer.start((request, out) -> StubServer.send(
                out,
                "200 OK",
                request.path().equals("/SUMS") ? lists.getBytes(StandardCharsets.US_ASCII) : image,
                0,
                "",
                request.head()))) {
            String sums = server.url("/SUMS");
            fails(
                    ErrorCode.CHECKSUM_MISMATCH,
                    "SHA-512",
                    () -> store.bring(new ImageSource.Url(server.url("/wrong.qcow2"), true, sums)));
            store.assertNothingIsLeft();
            fails(
                    ErrorCode.IMAGE_REFUSED,
                    "does not name",
                    () -> store.bring(new ImageSource.Url(server.url("/unlisted.qcow2"), true, sums)));
            store.assertNothingIsLeft();
            assertThat(store.stored(store.bring(new ImageSource.Url(server.url("/disk.qcow2?x=1"), true, sums))))
                    .isEqualTo(image);
        }
    }
}
