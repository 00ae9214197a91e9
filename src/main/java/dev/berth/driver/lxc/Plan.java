package dev.berth.driver.lxc;

import dev.berth.kernel.BerthException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A plan for {@code berth-launch}: directives and their values as zero-terminated strings, so that no value can end a line or
 * begin another item; {@code native/README.md} lists them.
 */
final class Plan {
    /** What {@code berth-launch} takes. */
    private static final int MOST_BYTES = 4 << 20;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a directive whose values are of one line each. */
    Plan add(String directive, Object... values) {
        put(directive);
        for (Object value : values) {
            put(line(directive, value.toString()));
        }
        return this;
    }

    /** Adds a directive with a text of any number of lines. */
    Plan text(String directive, String text) {
        put(directive);
        put(whole(directive, text));
        return this;
    }

    Plan texts(String directive, List<String> texts) {
        texts.forEach(text -> text(directive, text));
        return this;
    }

    Plan lines(String directive, List<String> values) {
        values.forEach(value -> add(directive, value));
        return this;
    }

    /** Adds words of any content, one by one. */
    Plan words(List<String> words) {
        words.forEach(word -> put(whole("word", word)));
        return this;
    }

    byte[] bytes() {
        if (bytes.size() > MOST_BYTES) {
            throw BerthException.invalid("/spec", "Arguments and environment are longer than 4 MiB; shorten them.");
        }
        return bytes.toByteArray();
    }

    private void put(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
    }

    /** Refuses what could be taken for the end of a line, wherever a value ends up. */
    static String line(String what, String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw BerthException.invalid("/spec", "A value of '" + what + "' has a line break in it; remove it.");
        }
        return whole(what, value);
    }

    private static String whole(String what, String value) {
        if (value.indexOf('\0') >= 0) {
            throw BerthException.invalid("/spec", "A value of '" + what + "' has a zero character in it; remove it.");
        }
        return value;
    }
}
