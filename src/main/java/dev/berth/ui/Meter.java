package dev.berth.ui;

import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.dom.Element;
import java.util.Locale;

/** A share as a bar with a text beside it. */
public final class Meter extends Span {
    private static final long serialVersionUID = 1L;

    public Meter(double share, String text) {
        addClassName("meter");
        Element fill = new Element("i");
        fill.getStyle().set("width", String.format(Locale.ROOT, "%.1f%%", Math.clamp(share, 0, 1) * 100));
        Span bar = new Span();
        bar.getElement().appendChild(fill);
        add(bar, new Span(text));
    }
}
