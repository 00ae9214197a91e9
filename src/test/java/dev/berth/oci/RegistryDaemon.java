package dev.berth.oci;

import dev.berth.installation.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Debian's {@code docker-registry} on a port of loopback, with its files in a directory of its own. */
public final class RegistryDaemon implements AutoCloseable {
    private final Process process;
    private final Path data;
    private final int port;

    private RegistryDaemon(Process process, Path data, int port) {
        this.process = process;
        this.data = data;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param htpasswd a line of the file of its users; null for a registry that anybody may use
     */
    public static RegistryDaemon start(Path directory, @Nullable String htpasswd)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        int port = FreePort.find();
        Path data = directory.resolve("data");
        String auth = "";
        if (htpasswd != null) {
            Path users = directory.resolve("users");
            Files.writeString(users, htpasswd + "\n");
            auth = "auth:\n  htpasswd:\n    realm: test\n    path: " + users + "\n";
        }
        Path config = directory.resolve("config.yml");
        Files.writeString(
                config,
                "version: 0.1\nlog:\n  level: error\nstorage:\n  delete:\n    enabled: true\n  filesystem:\n    rootdirectory: "
                        + data + "\nhttp:\n  addr: 127.0.0.1:" + port + "\n" + auth);
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        RegistryDaemon daemon = new RegistryDaemon(process, data, port);
        daemon.await();
        return daemon;
    }

    private void await() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    int port() {
        return port;
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** The file in which it keeps a blob. */
    Path blob(Digest digest) {
        return data.resolve("docker/registry/v2/blobs/sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex())
                .resolve("data");
    }

    /** Runs a program to its end, which has to be a good one; returns what it prints. */
    static String run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
