package dev.berth.network;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The network that every node gets. */
@ConfigMapping(prefix = "berth.network.default")
public interface NetworkSettings {
    @WithDefault("berth0")
    @Setting("Name of the default network, and of its bridge on the node.")
    String name();

    @WithDefault("10.66.0.0/16")
    @Setting("IPv4 range of the default network.")
    String subnet();
}
