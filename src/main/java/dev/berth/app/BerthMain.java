package dev.berth.app;

import dev.berth.app.database.EmbeddedDatabase;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** The controller's entry: makes sure that there is a database, then runs Quarkus. */
@QuarkusMain
public final class BerthMain {
    private BerthMain() {}

    public static void main(String[] args) {
        Config config = ConfigProvider.getConfig();
        String url = config.getOptionalValue("berth.database.url", String.class).orElse("");
        if (!url.isEmpty()) {
            System.setProperty("quarkus.datasource.jdbc.url", url);
            config.getOptionalValue("berth.database.username", String.class)
                    .ifPresent(name -> System.setProperty("quarkus.datasource.username", name));
            config.getOptionalValue("berth.database.password", String.class)
                    .ifPresent(secret -> System.setProperty("quarkus.datasource.password", secret));
            Quarkus.run(args);
            return;
        }
        Path state =
                Path.of(config.getOptionalValue("berth.state", String.class).orElse(".berth"));
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(state.toAbsolutePath().resolve("postgres"))) {
            System.setProperty("quarkus.datasource.jdbc.url", database.url());
            System.setProperty("quarkus.datasource.username", database.user());
            System.setProperty("quarkus.datasource.password", database.password());
            Quarkus.run(null, (code, failure) -> {}, args);
            Quarkus.waitForExit();
        }
    }
}
