package dev.berth.container;

import dev.berth.crash.Shell;
import dev.berth.installation.Await;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's docker-registry on a free port of loopback, with a storage directory of its own. */
public final class Registry implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final Process process;

    private Registry(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** Starts one that anybody may use, and waits until it answers. */
    public static Registry start() {
        return start("");
    }

    /** Starts one that only this user may use. */
    public static Registry guarded(String user, String password) {
        // docker-registry knows this form of the prefix only.
        return start(user + ":" + BcryptUtil.bcryptHash(password, 4).replace("$2a$", "$2y$"));
    }

    private static Registry start(String users) {
        try {
            Path directory = Files.createTempDirectory("berth-registry");
            int port = freePort();
            Path known = Files.writeString(directory.resolve("users"), users + "\n");
            Path config = Files.writeString(
                    directory.resolve("config.yml"),
                    String.join(
                            "\n",
                            "version: 0.1",
                            "log: {level: warn}",
                            "storage: {filesystem: {rootdirectory: " + directory.resolve("data")
                                    + "}, delete: {enabled: true}}",
                            "http: {addr: '127.0.0.1:" + port + "'}",
                            users.isEmpty() ? "" : "auth: {htpasswd: {realm: berth, path: '" + known + "'}}",
                            ""));
            Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            Registry registry = new Registry(directory, port, process);
            Await.until(Duration.ofSeconds(20), () -> "the registry does not answer", registry::answers);
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new AssertionError("the registry ended: "
                    + Shell.run("cat", directory.resolve("log").toString()));
        }
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/v2/").toURL().openConnection();
            return List.of(200, 401).contains(connection.getResponseCode());
        } catch (IOException e) {
            return false;
        }
    }

    /** Its address as references have it. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    /** How an image of this registry is called. */
    public String reference(String name) {
        return host() + "/" + name;
    }

    /** Pushes an image layout as this name and tag, with skopeo, and returns its reference. */
    public String push(Path layout, String name) {
        Shell.run(
                "skopeo",
                "--insecure-policy",
                "copy",
                "--quiet",
                "--dest-tls-verify=false",
                "oci:" + layout,
                "docker://" + reference(name));
        return reference(name);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Shell.run("rm", "-rf", directory.toString());
    }
}
