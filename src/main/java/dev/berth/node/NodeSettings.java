package dev.berth.node;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The node beside the controller. */
@ConfigMapping(prefix = "berth.node")
public interface NodeSettings {
    @WithDefault("fake")
    @Setting("Link to the agent: unix:<socket>, tcp:<host>:<port>, or fake for a made-up node in memory.")
    String local();

    @WithDefault("local")
    @Setting("Name of that node.")
    String name();

    /** The made-up node. */
    Fake fake();

    /** How the made-up node behaves. */
    interface Fake {
        @WithDefault("20ms")
        @Setting("How long each change takes on the made-up node.")
        Duration latency();
    }
}
