package dev.berth.driver.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ImageFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The second look: the real {@code qemu-img}, and programs that behave as a broken one could. */
class QemuImgInfoTest {
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private Path image() throws IOException {
        return Files.write(directory.resolve("image"), Qcow2Bytes.sound());
    }

    private static QemuImgInfo script(String text) {
        return new QemuImgInfo(List.of("sh", "-c", text, "qemu-img"), SHORT);
    }

    @Test
    void readsTheSizeInTheGivenFormat() throws IOException {
        QemuImgInfo info = new QemuImgInfo();
        assertThat(info.virtualSize(image(), ImageFormat.QCOW2)).isEqualTo(Qcow2Bytes.VIRTUAL);
        assertThat(info.virtualSize(image(), ImageFormat.RAW))
                .as("never probed")
                .isEqualTo(6L * Qcow2Bytes.CLUSTER);
    }

    @Test
    void passesTheFormat() throws IOException {
        QemuImgInfo echo = script(
                "case \"$*\" in *'-f qcow2'*) echo '{\"virtual-size\":2}';; *'-f raw'*) echo '{\"virtual-size\":3}';; esac");
        assertThat(echo.virtualSize(image(), ImageFormat.QCOW2)).isEqualTo(2);
        assertThat(echo.virtualSize(image(), ImageFormat.RAW)).isEqualTo(3);
    }

    @Test
    void endsWhatDoesNotEnd() throws IOException {
        Path image = image();
        long begin = System.nanoTime();
        assertThatThrownBy(() -> script("sleep 600").virtualSize(image, ImageFormat.QCOW2))
                .hasMessageContaining("within its limits");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void endsWhatPrintsForEver() throws IOException {
        Path image = image();
        assertThatThrownBy(() -> script("yes").virtualSize(image, ImageFormat.QCOW2))
                .hasMessageContaining("within its limits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tail -c 2G /dev/zero; echo '{}'; exit 1",
                "echo > written || exit 1",
                "kill -SEGV $$",
                "echo '{\"backing-filename\":\"/etc/shadow\",\"virtual-size\":1}'",
                "echo '{\"format-specific\":{\"data\":{\"data-file\":\"/etc/shadow\"}},\"virtual-size\":1}'",
                "echo nonsense"
            })
    void refusesWhatGoesWrong(String text) throws IOException {
        Path image = image();
        assertThatThrownBy(() -> script("cd " + directory + "; " + text).virtualSize(image, ImageFormat.QCOW2))
                .hasMessageContaining("The image was refused.");
        assertThat(directory.resolve("written"))
                .satisfiesAnyOf(file -> assertThat(file).doesNotExist(), file -> assertThat(file)
                        .isEmptyFile());
    }

    @Test
    void runsWithoutNetworkAndEnvironment() throws IOException {
        QemuImgInfo network = script("echo '{\"virtual-size\":'$(grep -c : /proc/net/dev)'}'");
        assertThat(network.virtualSize(image(), ImageFormat.RAW))
                .as("interfaces")
                .isEqualTo(1);
        QemuImgInfo environment = script("echo '{\"virtual-size\":'$(env | grep -c -E '^(HOME|JAVA_HOME|USER)=')'}'");
        assertThat(environment.virtualSize(image(), ImageFormat.RAW)).isZero();
    }
}
