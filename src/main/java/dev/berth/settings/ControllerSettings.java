package dev.berth.settings;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The controller among others. */
@ConfigMapping(prefix = "berth.controller")
public interface ControllerSettings {
    @Setting("Name of this controller, unlike that of every other on the same database. By default made from host and"
            + " state directory.")
    Optional<String> name();
}
