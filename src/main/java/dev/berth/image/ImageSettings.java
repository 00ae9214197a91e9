package dev.berth.image;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** What an image may be. */
@ConfigMapping(prefix = "berth.image")
public interface ImageSettings {
    @WithDefault("549755813888")
    @Setting("Most bytes of an image, uploaded, downloaded or unpacked.")
    long maxBytes();

    @WithDefault("false")
    @Setting("Whether downloads may contact private, loopback and link-local addresses.")
    boolean allowPrivateAddresses();

    @Setting(
            "File with the key that encrypts passwords of registries; the same for all controllers of one database. Made at"
                    + " first use. By default secret.key in the state directory.")
    Optional<Path> secretKeyFile();
}
