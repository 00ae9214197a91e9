package dev.berth.access;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long browser sessions last. */
@ConfigMapping(prefix = "berth.session")
public interface SessionSettings {
    @WithDefault("12h")
    @Setting("A browser session ends after this time without a request.")
    Duration idle();

    @WithDefault("7d")
    @Setting("A browser session ends after this time in any case.")
    Duration longest();
}
