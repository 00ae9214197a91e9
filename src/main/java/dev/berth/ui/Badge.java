package dev.berth.ui;

import com.vaadin.flow.component.html.Span;

/** A state as a coloured word. */
public final class Badge extends Span {
    private static final long serialVersionUID = 1L;

    /** What a colour means. */
    public enum Tone {
        GOOD,
        BUSY,
        WARN,
        BAD,
        PLAIN
    }

    public Badge(String text, Tone tone) {
        super(text);
        addClassName("badge");
        addClassName(tone.name().toLowerCase(java.util.Locale.ROOT));
    }
}
