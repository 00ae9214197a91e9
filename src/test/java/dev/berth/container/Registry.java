package dev.berth.container;

import dev.berth.crash.Shell;
import dev.berth.oci.RegistryDaemon;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A {@link RegistryDaemon} in a temporary directory, to which image layouts are pushed. */
public final class Registry implements AutoCloseable {
    private final Path directory;
    private final RegistryDaemon daemon;

    private Registry(Path directory, RegistryDaemon daemon) {
        this.directory = directory;
        this.daemon = daemon;
    }

    /** Starts one that anybody may use, and waits until it answers. */
    public static Registry start() {
        return start(null);
    }

    /** Starts one that only this user may use. */
    public static Registry guarded(String user, String password) {
        // docker-registry knows this form of the prefix only.
        return start(user + ":" + BcryptUtil.bcryptHash(password, 4).replace("$2a$", "$2y$"));
    }

    private static Registry start(@Nullable String users) {
        try {
            Path directory = Files.createTempDirectory("berth-registry");
            return new Registry(directory, RegistryDaemon.start(directory, users));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Its address as references have it. */
    public String host() {
        return daemon.address();
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
        try {
            daemon.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Shell.run("rm", "-rf", directory.toString());
    }
}
