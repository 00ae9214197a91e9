package dev.berth.driver.libvirt;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A writer of XML that escapes every value. Element and attribute names come from code only; values may be hostile. A
 * character that XML cannot hold is refused.
 */
final class Xml {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are names and values in turn. */
    Xml open(String element, String... attributes) {
        start(element, attributes).append('>');
        open.push(element);
        return this;
    }

    Xml close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** An element without content. */
    Xml leaf(String element, String... attributes) {
        start(element, attributes).append("/>");
        return this;
    }

    /** An element that holds text. */
    Xml text(String element, String text, String... attributes) {
        start(element, attributes).append('>');
        escape(text);
        out.append("</").append(element).append('>');
        return this;
    }

    private StringBuilder start(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        return out;
    }

    private void escape(String value) {
        value.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&apos;");
                case '\t', '\n', '\r' -> out.append("&#").append(character).append(';');
                default -> out.appendCodePoint(allowed(character));
            }
        });
    }

    private static int allowed(int character) {
        boolean allowed = character >= 0x20 && character <= 0xD7FF
                || character >= 0xE000 && character <= 0xFFFD
                || character >= 0x10000;
        if (!allowed) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT,
                    String.format("The character U+%04X cannot be part of a definition; remove it.", character));
        }
        return character;
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("unclosed " + open);
        }
        return out.toString();
    }
}
