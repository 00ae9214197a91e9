package dev.berth.storage;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Volumes. */
@ConfigMapping(prefix = "berth.storage")
public interface StorageSettings {
    @WithDefault("10737418240")
    @Setting("Bytes of a volume for which nobody chose a size, as those that images ask for.")
    long volumeSize();
}
