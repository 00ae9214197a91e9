package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.SessionSettings;
import dev.berth.console.ConsoleSettings;
import dev.berth.image.ImageSettings;
import dev.berth.instance.ContainerSettings;
import dev.berth.node.NodeSettings;
import dev.berth.rest.HttpSettings;
import dev.berth.settings.DatabaseSettings;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnsafeSettingsTest {
    private static final Map<String, String> SAFE = Map.of(
            "quarkus.http.insecure-requests", "disabled",
            "berth.node.local", "unix:/run/berth/agent.sock",
            "berth.database.url", "jdbc:postgresql://db/berth");

    private static UnsafeSettings settings(Map<String, String> changes) {
        Map<String, String> values = new HashMap<>(SAFE);
        values.putAll(changes);
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(NodeSettings.class)
                .withMapping(ImageSettings.class)
                .withMapping(SessionSettings.class)
                .withMapping(ConsoleSettings.class)
                .withMapping(HttpSettings.class)
                .withMapping(DatabaseSettings.class)
                .withMapping(ContainerSettings.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build();
        return new UnsafeSettings(
                config,
                config.getConfigMapping(NodeSettings.class),
                config.getConfigMapping(ImageSettings.class),
                config.getConfigMapping(SessionSettings.class),
                config.getConfigMapping(ConsoleSettings.class),
                config.getConfigMapping(HttpSettings.class),
                config.getConfigMapping(DatabaseSettings.class),
                config.getConfigMapping(ContainerSettings.class));
    }

    private static List<String> found(Map<String, String> changes) {
        return settings(changes).find().stream()
                .map(UnsafeSettings.Finding::property)
                .toList();
    }

    @Test
    void aProductionSettingHasNoFinding() {
        assertThat(found(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "quarkus.http.insecure-requests, enabled",
        "berth.node.local, fake",
        "berth.database.url, ''",
        "berth.image.allow-private-addresses, true",
        "berth.http.allowed-origins, https://other.example",
        "berth.console.ticket-life, 1h",
        "berth.session.longest, 365d",
        "berth.container.allow-host-network, true",
        "berth.container.allow-nesting, true",
        "berth.container.allow-capabilities, CAP_NET_RAW",
        "berth.container.allow-host-paths, /srv"
    })
    void eachUnsafeOneIsNamed(String property, String value) {
        assertThat(found(Map.of(property, value))).containsExactly(property);
    }

    @Test
    void plainHttpIsFineOnLoopbackAndBehindAProxyThatIsNamed() {
        assertThat(found(Map.of("quarkus.http.insecure-requests", "enabled", "quarkus.http.host", "127.0.0.1")))
                .isEmpty();
        assertThat(found(Map.of(
                        "quarkus.http.insecure-requests", "enabled", "quarkus.http.proxy.allow-x-forwarded", "true")))
                .containsExactly("quarkus.http.proxy.trusted-proxies");
    }

    @Test
    void theLogHoldsThemAllAtStart() {
        StringBuilder log = new StringBuilder();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                log.append(record.getLevel()).append(' ').append(text(record)).append('\n');
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(UnsafeSettings.class.getName());
        logger.addHandler(handler);
        try {
            settings(Map.of("berth.node.local", "fake", "berth.image.allow-private-addresses", "true"))
                    .report();
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(log.toString())
                .contains("WARN")
                .contains("unsafe for production: berth.node.local")
                .contains("unsafe for production: berth.image.allow-private-addresses");
    }

    private static String text(LogRecord record) {
        Object[] parameters = record.getParameters();
        return parameters == null ? record.getMessage() : String.format(record.getMessage(), parameters);
    }
}
