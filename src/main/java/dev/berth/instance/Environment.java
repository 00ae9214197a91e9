package dev.berth.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.kernel.BerthException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Environment variables by name; in JSON an object, or a list of {@code NAME=value}. */
public record Environment(Map<String, String> variables) {
    public static final Environment NONE = new Environment(Map.of());

    public Environment {
        variables = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Environment of(JsonNode json) {
        Map<String, String> variables = new LinkedHashMap<>();
        if (json.isObject()) {
            json.properties().forEach(entry -> variables.put(entry.getKey(), text(entry.getValue())));
        } else if (json.isArray()) {
            json.forEach(line -> add(variables, text(line)));
        } else {
            throw BerthException.invalid("/env", "Write env as an object, or as a list of NAME=value.");
        }
        return new Environment(variables);
    }

    private static String text(JsonNode node) {
        if (!node.isTextual()) {
            throw BerthException.invalid("/env", "The value of an environment variable is a text.");
        }
        return node.textValue();
    }

    private static void add(Map<String, String> variables, String line) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw BerthException.invalid("/env", "'" + line + "' is not of the form NAME=value.");
        }
        variables.put(line.substring(0, equals), line.substring(equals + 1));
    }

    /** Reads what a process has. */
    static Environment of(List<String> lines) {
        Map<String, String> variables = new LinkedHashMap<>();
        lines.stream().filter(line -> line.indexOf('=') > 0).forEach(line -> add(variables, line));
        return new Environment(variables);
    }

    @JsonValue
    Map<String, String> json() {
        return variables;
    }

    /** These, and over them the others. */
    Environment and(Environment more) {
        Map<String, String> all = new LinkedHashMap<>(variables);
        all.putAll(more.variables);
        return new Environment(all);
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        variables.forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }
}
