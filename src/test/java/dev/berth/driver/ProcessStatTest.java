package dev.berth.driver;

import dev.berth.installation.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStatTest {
    @TempDir
    private Path directory = Path.of("unset");

    /** A container's process 1 could seem to have ended otherwise. */
    @Test
    void aNameThatIsNoTextHidesNoProcess() throws IOException, InterruptedException {
        String script = "cp /bin/sleep \"$0\"/$'\\xff\\xfe' && exec \"$0\"/$'\\xff\\xfe' 60";
        Process process = new ProcessBuilder("bash", "-c", script, directory.toString()).start();
        try {
            Await.until(Duration.ofSeconds(10), () -> "it has not got its name", () -> ProcessStat.of(process.pid())
                    .filter(stat -> stat.isAlive() && stat.name().equals("\uFFFD\uFFFD"))
                    .isPresent());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
