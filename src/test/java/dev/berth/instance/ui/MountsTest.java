package dev.berth.instance.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.instance.NewContainer.NewMount;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mounts as lines of text. */
class MountsTest {
    @Test
    void volumesGoByNameAndDirectoriesByPath() {
        assertThat(Mounts.volumes("\n data:/var/lib/data\n/srv/site:/www:ro \nlogs:/log:rw\n"))
                .containsExactly(
                        new NewMount("data", null, null, "/var/lib/data", null),
                        new NewMount(null, "/srv/site", null, "/www", true),
                        new NewMount("logs", null, null, "/log", null));
    }

    @Test
    void fileSystemsInMemoryHaveASize() {
        assertThat(Mounts.tmpfs("/run:64"))
                .containsExactly(new NewMount(null, null, DataSize.ofMebibytes(64), "/run", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "data:var", "data:/x:rx", ":/x", "data:/x:ro:ro"})
    void whatIsNoMountIsRefused(String line) {
        assertThatThrownBy(() -> Mounts.volumes(line))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("is no mount");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/run", "run:64", "/run:x", "/run:"})
    void whatHasNoSizeIsRefused(String line) {
        assertThatThrownBy(() -> Mounts.tmpfs(line))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("/run:64");
    }
}
