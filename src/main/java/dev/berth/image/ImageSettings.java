package dev.berth.image;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What an image may be. */
@ConfigMapping(prefix = "berth.image")
public interface ImageSettings {
    @WithDefault("549755813888")
    @Setting("Most bytes of an image, uploaded, downloaded or unpacked.")
    long maxBytes();

    @WithDefault("false")
    @Setting("Whether downloads may contact private, loopback and link-local addresses.")
    boolean allowPrivateAddresses();
}
