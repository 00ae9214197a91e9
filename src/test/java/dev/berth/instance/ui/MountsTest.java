package dev.berth.instance.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.instance.NewContainer.NewMount;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import java.util.List;
import java.util.UUID;
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
        assertThat(Mounts.tmpfs("/run:64\n/tmp:512k"))
                .containsExactly(
                        new NewMount(null, null, DataSize.ofMebibytes(64), "/run", null),
                        new NewMount(null, null, new DataSize(512 << 10), "/tmp", null));
    }

    @Test
    void whatIsMountedReadsAsItIsWritten() {
        UUID data = UUID.randomUUID();
        List<MountSpec> mounts = List.of(
                new MountSpec(data, null, "/var/lib/data", false, true),
                new MountSpec(null, "/srv/site", "/www", true, false));
        assertThat(Mounts.text(mounts, id -> id.equals(data) ? "data" : ""))
                .isEqualTo("data:/var/lib/data\n/srv/site:/www:ro");
        assertThat(Mounts.tmpfsText(List.of(
                        new ContainerSpec.Tmpfs("/run", 64 << 20, 01777),
                        new ContainerSpec.Tmpfs("/tmp", 4096, 01777))))
                .isEqualTo("/run:64\n/tmp:4k");
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
