package dev.berth.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files of a control group come to, in both versions, with and without an account of swap. */
class MemoryUseTest {
    @TempDir
    private Path group;

    private void file(String name, String text) throws IOException {
        Files.writeString(group.resolve(name), text);
    }

    private MemoryUse version1() {
        return MemoryUse.of(new Cgroup(Map.of("memory", group)));
    }

    private MemoryUse version2() {
        return MemoryUse.of(new Cgroup(Map.of(Cgroup.UNIFIED, group)));
    }

    @Test
    void version1TellsSwapBesideTheRest() throws IOException {
        file("memory.usage_in_bytes", "10000\n");
        file("memory.stat", "inactive_file 1\nswap 2\ntotal_inactive_file 4000\ntotal_swapcached 7\ntotal_swap 8192\n");
        assertThat(version1()).isEqualTo(new MemoryUse(6000, 8192L));
    }

    @Test
    void version1WithoutAnAccountOfSwapSaysNothingOfIt() throws IOException {
        file("memory.usage_in_bytes", "10000\n");
        file("memory.stat", "total_inactive_file 4000\n");
        assertThat(version1()).isEqualTo(new MemoryUse(6000, null));
    }

    @Test
    void version2HasAFileForIt() throws IOException {
        file("memory.current", "10000\n");
        file("memory.stat", "anon 1\ninactive_file 4000\n");
        file("memory.swap.current", "0\n");
        assertThat(version2()).isEqualTo(new MemoryUse(6000, 0L));
        file("memory.swap.current", "4096\n");
        assertThat(version2()).isEqualTo(new MemoryUse(6000, 4096L));
    }

    @Test
    void version2WithoutAnAccountOfSwapSaysNothingOfIt() throws IOException {
        file("memory.current", "10000\n");
        file("memory.stat", "inactive_file 4000\n");
        assertThat(version2()).isEqualTo(new MemoryUse(6000, null));
    }
}
