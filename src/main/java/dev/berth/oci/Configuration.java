package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.OciDetails;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image's configuration, checked. No text in it has a NUL; none that ends up in a line of something (environment, user,
 * paths, ports, names of labels) has a line break. Arguments may: scripts given to a shell do.
 */
record Configuration(
        OciDetails.Config defaults,
        List<Digest> diffIds,
        @Nullable String platform) {
    private static final int MOST_ITEMS = 2000;
    private static final int MOST_TEXT = 128 << 10;
    private static final Pattern BREAK = Pattern.compile("[\\n\\r\\u0000]");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_.$-]{0,64}(:[A-Za-z0-9_.$-]{0,64})?");
    private static final Pattern SIGNAL = Pattern.compile("(SIG)?[A-Z0-9+-]{1,16}|[0-9]{1,2}");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp|sctp))?");
    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]{1,20}(/[a-z0-9_.-]{1,20}){1,2}");
    private static final Pattern PATH = Pattern.compile("/[^\\n\\r\\u0000]{0,4095}");
    private static final Pattern VARIABLE = Pattern.compile("[^=\\n\\r\\u0000]+=[^\\n\\r\\u0000]*");

    Configuration {
        diffIds = List.copyOf(diffIds);
    }

    static Configuration parse(byte[] content) {
        JsonNode root = Documents.read(content, "configuration");
        List<Digest> diffIds = new ArrayList<>();
        for (JsonNode node : root.path("rootfs").path("diff_ids")) {
            diffIds.add(Digest.parse(node.asText()));
        }
        return new Configuration(defaults(root.path("config")), diffIds, platform(root));
    }

    /** What it runs on; one that says nothing sensible says nothing. */
    private static @Nullable String platform(JsonNode root) {
        String variant = root.path("variant").asText("");
        String text = root.path("os").asText("") + "/"
                + root.path("architecture").asText("") + (variant.isEmpty() ? "" : "/" + variant);
        return PLATFORM.matcher(text).matches() ? text : null;
    }

    /** Reads the defaults for containers; what is not there is empty. */
    static OciDetails.Config defaults(JsonNode config) {
        return new OciDetails.Config(
                texts(config.path("Entrypoint"), "entry point"),
                texts(config.path("Cmd"), "command"),
                matching(texts(config.path("Env"), "environment"), VARIABLE, "environment variable"),
                optional(config.path("User"), USER, "user"),
                optional(config.path("WorkingDir"), PATH, "working directory"),
                optional(config.path("StopSignal"), SIGNAL, "stop signal"),
                matching(keys(config.path("Volumes")), PATH, "volume"),
                matching(keys(config.path("ExposedPorts")), PORT, "port"),
                labels(config.path("Labels")),
                health(config.path("Healthcheck")),
                false);
    }

    private static List<String> texts(JsonNode nodes, String what) {
        List<String> texts = new ArrayList<>();
        if (nodes.isMissingNode() || nodes.isNull()) {
            return texts;
        }
        if (!nodes.isArray() || nodes.size() > MOST_ITEMS) {
            throw Limits.refused("Its " + what + " is no list of at most " + MOST_ITEMS + " texts.");
        }
        for (JsonNode node : nodes) {
            texts.add(text(node, what));
        }
        return texts;
    }

    private static String text(JsonNode node, String what) {
        String text = node.asText("");
        if (!node.isTextual() || text.length() > MOST_TEXT || text.indexOf('\0') >= 0) {
            throw Limits.refused("Its " + what + " has something that is no text, is too long, or contains NUL.");
        }
        return text;
    }

    private static List<String> matching(List<String> texts, Pattern form, String what) {
        for (String text : texts) {
            if (!form.matcher(text).matches()) {
                throw Limits.refused("Its configuration has a malformed " + what + ": " + Texts.shown(text) + ".");
            }
        }
        return texts;
    }

    private static @Nullable String optional(JsonNode node, Pattern form, String what) {
        if (node.isMissingNode() || node.isNull() || node.asText("").isEmpty()) {
            return null;
        }
        return matching(List.of(text(node, what)), form, what).getFirst();
    }

    private static List<String> keys(JsonNode node) {
        List<String> keys = new ArrayList<>();
        if (node.isMissingNode() || node.isNull()) {
            return keys;
        }
        if (!node.isObject() || node.size() > MOST_ITEMS) {
            throw Limits.refused("Its volumes or ports are no set of at most " + MOST_ITEMS + " names.");
        }
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** Labels are only ever shown; line breaks in their values become spaces. */
    private static Map<String, String> labels(JsonNode node) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String key : keys(node)) {
            if (key.isEmpty() || BREAK.matcher(key).find()) {
                throw Limits.refused("Its configuration has a malformed label.");
            }
            labels.put(key, BREAK.matcher(text(node.path(key), "label")).replaceAll(" "));
        }
        return labels;
    }

    private static ContainerSpec.@Nullable HealthCheck health(JsonNode node) {
        List<String> test = texts(node.path("Test"), "health check");
        if (test.size() < 2) {
            return null;
        }
        List<String> command =
                switch (test.getFirst()) {
                    case "CMD" -> test.subList(1, test.size());
                    case "CMD-SHELL" -> List.of("/bin/sh", "-c", test.get(1));
                    default -> List.of();
                };
        if (command.isEmpty()) {
            return null;
        }
        int retries = node.path("Retries").asInt(0);
        return new ContainerSpec.HealthCheck(
                command,
                nanos(node.path("Interval"), Duration.ofSeconds(30)),
                nanos(node.path("Timeout"), Duration.ofSeconds(30)),
                retries < 1 ? 3 : Math.min(retries, 1000),
                nanos(node.path("StartPeriod"), Duration.ZERO));
    }

    private static Duration nanos(JsonNode node, Duration otherwise) {
        long nanos = node.asLong(0);
        Duration longest = Duration.ofDays(1);
        Duration given = Duration.ofNanos(nanos);
        return nanos <= 0 ? otherwise : given.compareTo(longest) > 0 ? longest : given;
    }
}
