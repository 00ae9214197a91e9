package dev.berth.image.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.berth.driver.Progress;
import dev.berth.kernel.ResourceName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What dialogs about images propose and say. */
class ImageNamesTest {
    @ParameterizedTest
    @CsvSource({
        "registry.example:5000/web/nginx:1.27, nginx-1-27",
        "nginx, nginx",
        "127.0.0.1:5000/a/My_App:V2, my-app-v2",
        "registry.example/x@sha256:0123456789abcdef0123, x-0123456789ab"
    })
    void namesFollowReferences(String reference, String name) {
        assertThat(ImageNames.ofReference(reference)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"web.oci.tar, web", "Debian-12.qcow2.gz, debian-12", "root_fs.TGZ, root-fs", "v1.2.tar.zst, v1-2"})
    void namesFollowFiles(String file, String name) {
        assertThat(ImageNames.ofFile(file)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.example/aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff-g-hijk:1",
                "registry.example/web/nginx:1.27"
            })
    void whatIsProposedIsAccepted(String reference) {
        assertThatCode(() -> new ResourceName(ImageNames.ofReference(reference)))
                .doesNotThrowAnyException();
    }

    @Test
    void workIsToldInBytes() {
        assertThat(Work.text(null)).isEqualTo("beginning");
        assertThat(Work.text(Progress.stage("asking the registry"))).isEqualTo("asking the registry");
        assertThat(Work.text(Progress.bytes("fetching layers", 12 << 20, 60 << 20)))
                .isEqualTo("fetching layers 12 MiB of 60 MiB, 20 %");
        assertThat(Work.text(Progress.bytes("unpacking", 12 << 20, 0))).isEqualTo("unpacking 12 MiB");
    }
}
