package dev.berth.instance;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Which ports of nodes instances may publish. */
@ConfigMapping(prefix = "berth.publish")
public interface PublicationSettings {
    @WithDefault("22,53,67,5432,16509,16514")
    @Setting(
            "Ports of nodes that no instance may publish, because the node's own services use them; the panel's own port is"
                    + " always one of them.")
    Optional<List<Integer>> reserved();
}
