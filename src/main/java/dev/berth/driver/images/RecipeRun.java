package dev.berth.driver.images;

import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the program that builds an image by recipe. */
final class RecipeRun {
    private static final Duration LONGEST = Duration.ofMinutes(60);
    private static final int SHOWN_OUTPUT = 2000;

    private RecipeRun() {}

    static void run(Path program, String recipe, Path out, ProgressSink progress) throws IOException {
        Path log = out.resolveSibling("build.log");
        ProcessBuilder builder = new ProcessBuilder(List.of(program.toString(), recipe, out.toString()));
        Map<String, String> environment = builder.environment();
        // What it leaves when it is killed goes with the directory of this import.
        environment.put("TMPDIR", out.resolveSibling("").toAbsolutePath().toString());
        // How the agent's memory is managed is nothing for what packages run here.
        environment.keySet().removeIf(name -> name.startsWith("MALLOC_"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        long end = System.nanoTime() + LONGEST.toNanos();
        try {
            while (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
                progress.report(Progress.stage("building " + recipe));
                if (System.nanoTime() > end) {
                    throw failed(recipe, "it took longer than an hour");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The build was interrupted.");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            String output = Files.readString(log, StandardCharsets.ISO_8859_1);
            throw failed(recipe, output.substring(Math.max(0, output.length() - SHOWN_OUTPUT)));
        }
    }

    private static BerthException failed(String recipe, String why) {
        return BerthException.of(ErrorCode.DRIVER_FAILED, "The image '" + recipe + "' could not be built: " + why);
    }
}
