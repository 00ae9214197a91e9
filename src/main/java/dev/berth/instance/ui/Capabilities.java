package dev.berth.instance.ui;

import dev.berth.ui.Words;
import java.util.List;
import java.util.Locale;

/** Capabilities as a line of text: {@code CAP_NET_RAW, CAP_CHOWN}; the prefix may be left out. */
final class Capabilities {
    private Capabilities() {}

    static List<String> parse(String text, String pointer) {
        return Words.split(text.replace(',', ' ').toUpperCase(Locale.ROOT), pointer).stream()
                .map(word -> word.equals("ALL") || word.startsWith("CAP_") ? word : "CAP_" + word)
                .toList();
    }

    static String text(List<String> capabilities) {
        return String.join(" ", capabilities);
    }
}
