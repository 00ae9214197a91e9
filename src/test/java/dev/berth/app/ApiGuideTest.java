package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of docs/api.md as a reader would, one after the other. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(ApiGuideTest.Untouched.class)
class ApiGuideTest {
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");

    @TempDir
    Path directory;

    /** Makes Quarkus start anew, with a database in which no set-up was done. */
    public static final class Untouched implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of();
        }

        @Override
        public void stop() {}
    }

    @Test
    void everyCommandOfTheGuideWorks() throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("set -euo pipefail\n");
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs/api.md")));
        int count = 0;
        while (blocks.find()) {
            script.append(blocks.group(1));
            count++;
        }
        assertThat(count).isGreaterThan(6);
        Path output = directory.resolve("output");
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        bash.environment().put("BERTH", "http://localhost:" + RestAssured.port);
        bash.environment().put("STATE", ConfigProvider.getConfig().getValue("berth.state", String.class));
        bash.environment().put("no_proxy", "localhost");
        Process process = bash.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended && process.exitValue() == 0).as(said).isTrue();
        assertThat(said)
                .contains("\"required\":true")
                .contains("GUEST-UP")
                .contains("\"items\":[{\"name\":\"web1\",\"addresses\":[")
                .contains("\"pointer\":\"/memory\"")
                .contains("\"ticket\":")
                .contains("\"exitCode\":3")
                .contains("hello from inside")
                .contains("some text")
                .contains("retry: 2000")
                .contains("\"restartNeeded\":true")
                .contains("\"users\":[\"store\"]")
                .contains("\"type\":\"image.push\"", "\"type\":\"image.pull\"")
                .contains("event:instance.");
        assertThat(directory.resolve("cookies")).doesNotExist();
    }
}
