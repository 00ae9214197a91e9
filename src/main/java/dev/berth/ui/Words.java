package dev.berth.ui;

import dev.berth.kernel.BerthException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A command's arguments as people write them: separated by spaces, with quotes and backslashes as a shell has them. */
public final class Words {
    private static final String PLAIN = "[A-Za-z0-9_./:=@%+,-]+";

    private Words() {}

    /**
     * Splits a line; nothing is expanded.
     *
     * @param pointer where the line stands in a request
     */
    public static List<String> split(String line, String pointer) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean within = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean escapes = c == '\\' && quote != '\'' && i + 1 < line.length();
            if (escapes) {
                i++;
                word.append(line.charAt(i));
                within = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                within = true;
            } else if (!Character.isWhitespace(c)) {
                word.append(c);
                within = true;
            } else if (within) {
                words.add(word.toString());
                word.setLength(0);
                within = false;
            }
        }
        if (quote != 0) {
            throw BerthException.invalid(pointer, "A quote is not closed: " + quote + " is there only once.");
        }
        if (within) {
            words.add(word.toString());
        }
        return words;
    }

    /** The line that {@link #split} takes apart into these words. */
    public static String join(List<String> words) {
        return words.stream()
                .map(word -> word.matches(PLAIN) ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
