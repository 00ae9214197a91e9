package dev.berth.driver.images;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A short-lived program with a bare environment, a time limit, and a limit on what is kept of its output. */
final class Program {
    private static final int MOST_OUTPUT = 1 << 20;
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final int KILLED = 137;

    private Program() {}

    /**
     * How it ended.
     *
     * @param status its exit status; 128 and more for a signal
     */
    record Result(int status, String output) {}

    /**
     * Runs it to its end, or kills it at its time limit.
     *
     * @param meanwhile called again and again while it runs; what it throws ends the program
     */
    static Result run(List<String> command, Duration longest, Runnable meanwhile) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> !name.equals("PATH") && !name.startsWith("SSL_CERT_"));
        environment.put("LC_ALL", "C");
        Process process = builder.start();
        CompletableFuture<String> output = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("program-output").start(() -> read(process.getInputStream(), output));
        long end = System.nanoTime() + longest.toNanos();
        try {
            process.getOutputStream().close();
            while (!process.waitFor(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > end) {
                    return new Result(KILLED, "");
                }
                meanwhile.run();
            }
            return new Result(process.exitValue(), output.get(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, command.getFirst() + " was interrupted.", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException("the output of " + command.getFirst() + " cannot be read", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void read(InputStream in, CompletableFuture<String> output) {
        try (in) {
            byte[] kept = in.readNBytes(MOST_OUTPUT);
            in.skip(Long.MAX_VALUE);
            output.complete(new String(kept, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            output.completeExceptionally(e);
        }
    }
}
