package dev.berth.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hand-written layout against what the C compiler says. */
class LayoutTest {
    @TempDir
    Path directory;

    @Test
    void javaReadsWhereTheCompilerPutsIt() throws Exception {
        String program = directory.resolve("layout").toString();
        run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-o", program, "native/layout.c");
        Map<String, Integer> compiled = new TreeMap<>();
        for (String line : run(program).lines().toList()) {
            String[] words = line.split(" ");
            compiled.put(words[0], Integer.parseInt(words[1]));
        }
        assertThat(Layout.byName()).containsExactlyInAnyOrderEntriesOf(compiled);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s\n%s", String.join(" ", command), output)
                .isZero();
        return output;
    }
}
