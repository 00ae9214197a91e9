package dev.berth.rest;

import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Who may talk to the controller from a browser. */
@ConfigMapping(prefix = "berth.http")
public interface HttpSettings {
    @Setting("Further origins, with commas between, whose pages may open WebSockets: https://panel.example.")
    Optional<List<String>> allowedOrigins();
}
