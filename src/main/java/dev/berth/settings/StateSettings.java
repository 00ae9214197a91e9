package dev.berth.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;

/** Where the controller keeps its files. */
@ConfigMapping(prefix = "berth.state")
public interface StateSettings {
    @WithParentName
    @WithDefault(".berth")
    @Setting("Directory of the controller: the embedded database, the set-up code, the admin token, TLS files.")
    Path directory();
}
