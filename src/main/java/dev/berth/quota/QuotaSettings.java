package dev.berth.quota;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the quota ledger is looked after. */
@ConfigMapping(prefix = "berth.quota")
public interface QuotaSettings {
    /** The comparison with what there really is. */
    Recount recount();

    /** How often the ledger is compared. */
    interface Recount {
        @WithDefault("10m")
        @Setting("The quota ledger is compared with what there is, and put right, this often.")
        Duration every();
    }
}
