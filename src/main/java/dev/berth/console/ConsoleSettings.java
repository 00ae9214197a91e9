package dev.berth.console;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Consoles. */
@ConfigMapping(prefix = "berth.console")
public interface ConsoleSettings {
    @WithDefault("30s")
    @Setting("How long a ticket for a console is good.")
    Duration ticketLife();
}
