package dev.berth.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;

/** A titled box. */
public final class Card extends Div {
    private static final long serialVersionUID = 1L;

    public Card(String title, Component... content) {
        addClassName("card");
        add(new H3(title));
        add(content);
    }
}
