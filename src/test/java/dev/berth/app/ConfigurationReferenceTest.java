package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.berth.settings.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is what the settings' interfaces say. */
class ConfigurationReferenceTest {
    private static final Path COMMITTED = Path.of("docs/configuration.md");
    private static final Iterable<JavaClass> CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.berth");
    private static final String HEAD = """
            # Configuration

            Made from the settings' interfaces by `ConfigurationReferenceTest`; change them and run
            `mvn -o test -Dtest=ConfigurationReferenceTest -Dberth.docs.update=true`.

            Every property can be an environment variable too: `berth.image.max-bytes` is `BERTH_IMAGE_MAX_BYTES`. A misspelt
            name below one of these prefixes keeps the controller from starting. Durations are written like `30s`, `12h` or
            `7d`. The web server's own settings are those of Quarkus: `quarkus.http.host`, `quarkus.http.port` (8484),
            `quarkus.http.insecure-requests`, `quarkus.tls.*`, `quarkus.http.proxy.*`. At start the controller prints every
            setting that is unsafe for production.

            | property | type | default | meaning |
            |---|---|---|---|
            """;

    @Test
    void theCommittedReferenceIsWhatTheInterfacesSay() throws IOException {
        String made = reference();
        if (Boolean.getBoolean("berth.docs.update")) {
            Files.createDirectories(COMMITTED.getParent());
            Files.writeString(COMMITTED, made);
        }
        assertThat(Files.readString(COMMITTED))
                .as(
                        "A setting has changed. Run `mvn -o test -Dtest=ConfigurationReferenceTest -Dberth.docs.update=true`"
                                + " and commit docs/configuration.md.")
                .isEqualTo(made);
    }

    @Test
    void settingsAreReadThroughTheirInterfaceOnly() {
        for (JavaClass type : CLASSES) {
            boolean injects = type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(d -> d.getTargetClass().isEquivalentTo(ConfigProperty.class));
            assertThat(injects)
                    .as(
                            "%s reads a setting with @ConfigProperty; add it to its component's interface, with @Setting",
                            type.getName())
                    .isFalse();
        }
    }

    private static String reference() {
        Map<String, String> rows = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            if (type.isAnnotatedWith(ConfigMapping.class)) {
                Class<?> settings = type.reflect();
                ConfigMapping mapping = settings.getAnnotation(ConfigMapping.class);
                collect(mapping.prefix(), settings, rows);
            }
        }
        assertThat(rows).hasSizeGreaterThan(15);
        return HEAD + String.join("\n", rows.values()) + "\n";
    }

    private static void collect(String prefix, Class<?> settings, Map<String, String> rows) {
        for (Method method : settings.getDeclaredMethods()) {
            String name =
                    method.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + kebab(method.getName());
            if (method.getReturnType().getName().startsWith("dev.berth.")) {
                collect(name, method.getReturnType(), rows);
                continue;
            }
            Setting setting = method.getAnnotation(Setting.class);
            assertThat(setting).as("%s needs @Setting with its meaning", name).isNotNull();
            WithDefault value = method.getAnnotation(WithDefault.class);
            rows.put(
                    name,
                    "| `" + name + "` | " + type(method) + " | " + (value == null ? "none" : "`" + value.value() + "`")
                            + " | " + (setting == null ? "" : setting.value()) + " |");
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String type(Method method) {
        String generic = method.getGenericReturnType().getTypeName();
        Map<Class<?>, String> words = Map.of(
                Duration.class, "duration",
                Path.class, "path",
                long.class, "integer",
                int.class, "integer",
                boolean.class, "true or false",
                String.class, "text");
        if (method.getReturnType() == Optional.class) {
            return generic.contains(List.class.getName()) ? "list of texts" : "text";
        }
        String word = words.get(method.getReturnType());
        assertThat(word).as("a word for " + generic).isNotNull();
        return String.valueOf(word);
    }
}
