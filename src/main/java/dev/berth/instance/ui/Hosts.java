package dev.berth.instance.ui;

import dev.berth.kernel.BerthException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Names of hosts and their addresses as lines of text, written as in {@code /etc/hosts}: {@code 10.0.0.5 db.example}. */
final class Hosts {
    private Hosts() {}

    /** Addresses by name. */
    static Map<String, String> parse(String text) {
        Map<String, String> known = new LinkedHashMap<>();
        Mounts.lines(text).forEach(line -> {
            String[] words = line.split("\\s+");
            if (words.length != 2) {
                throw BerthException.invalid(
                        "/extraHosts", "'" + line + "' is no host; write its address, a space, and its name.");
            }
            known.put(words[1], words[0]);
        });
        return known;
    }

    /** The lines that {@link #parse} reads as these hosts. */
    static String text(Map<String, String> known) {
        return known.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(host -> host.getValue() + " " + host.getKey())
                .collect(Collectors.joining("\n"));
    }
}
