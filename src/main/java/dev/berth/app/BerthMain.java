package dev.berth.app;

import dev.berth.app.database.EmbeddedDatabase;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** The controller's entry: makes sure that there is a database, then runs Quarkus. */
@QuarkusMain
public final class BerthMain {
    /** Less than what {@code infra/down} and systemd wait for the controller's end. */
    private static final Duration DATABASE_END = Duration.ofSeconds(10);

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
        CountDownLatch over = new CountDownLatch(1);
        // Quarkus ends its application when the process is told to end, but nothing waits for what stands after it.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(over), "database-end"));
        AtomicInteger exit = new AtomicInteger();
        try (EmbeddedDatabase database =
                EmbeddedDatabase.start(state.toAbsolutePath().resolve("postgres"))) {
            System.setProperty("quarkus.datasource.jdbc.url", database.url());
            System.setProperty("quarkus.datasource.username", database.user());
            System.setProperty("quarkus.datasource.password", database.password());
            Quarkus.run(null, (code, failure) -> exit.set(code), args);
            Quarkus.waitForExit();
        } finally {
            over.countDown();
        }
        if (exit.get() != 0) {
            System.exit(exit.get());
        }
    }

    private static void await(CountDownLatch over) {
        try {
            over.await(DATABASE_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
