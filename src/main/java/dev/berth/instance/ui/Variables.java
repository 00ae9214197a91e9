package dev.berth.instance.ui;

import dev.berth.kernel.BerthException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Environment variables as lines of text: {@code LANG=C.UTF-8}. */
final class Variables {
    private Variables() {}

    static Map<String, String> parse(String text) {
        Map<String, String> variables = new LinkedHashMap<>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw BerthException.invalid("/env", "'" + line.strip() + "' is no variable; write NAME=value.");
            }
            // Spaces belong to a value, but to no name.
            variables.put(line.substring(0, equals).strip(), line.substring(equals + 1));
        });
        return variables;
    }

    /** The lines that {@link #parse} reads as these variables; only those have one whose value is a single line. */
    static String text(Map<String, String> variables) {
        return variables.entrySet().stream()
                .filter(Variables::isLine)
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .collect(Collectors.joining("\n"));
    }

    static boolean isLine(Map.Entry<String, String> variable) {
        return variable.getValue().chars().noneMatch(c -> c == '\n' || c == '\r');
    }

    /** What a process has of its own, beyond what its image gives it. */
    static Map<String, String> beyond(List<String> image, List<String> process) {
        Map<String, String> variables = new LinkedHashMap<>();
        process.stream()
                .filter(line -> line.indexOf('=') > 0 && !image.contains(line))
                .forEach(line ->
                        variables.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return variables;
    }
}
