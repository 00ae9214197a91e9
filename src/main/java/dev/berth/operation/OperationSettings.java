package dev.berth.operation;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long operations are kept. */
@ConfigMapping(prefix = "berth.operation")
public interface OperationSettings {
    @WithDefault("30d")
    @Setting("Operations that have ended are forgotten after this time.")
    Duration keep();
}
