package dev.berth.event;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long events are kept. */
@ConfigMapping(prefix = "berth.event")
public interface EventSettings {
    @WithDefault("24h")
    @Setting("Events are forgotten after this time; streams that resume from before get a reset.")
    Duration keep();
}
