package dev.berth.instance;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** What containers may be that could harm their node; administrators may everything. */
@ConfigMapping(prefix = "berth.container")
public interface ContainerSettings {
    @WithDefault("false")
    @Setting("Whether operators may make containers in the node's own network.")
    boolean allowHostNetwork();

    @WithDefault("false")
    @Setting("Whether operators may make containers that run containers inside.")
    boolean allowNesting();

    @Setting("Capabilities that operators may add to containers, for example CAP_NET_RAW; none by default.")
    Optional<List<String>> allowCapabilities();

    @Setting(
            "Directories of nodes that operators may mount in containers, with what is below; the agent has its own list. None by default.")
    Optional<List<String>> allowHostPaths();
}
