package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.IntegerField;
import dev.berth.ui.Meter;
import dev.berth.ui.SavedFields;
import org.jspecify.annotations.Nullable;

/** A limit that can be changed, with what is used of it now beside it. */
class LimitField extends Div {
    private static final long serialVersionUID = 1L;
    private final IntegerField field;
    private final Div use = new Div();

    LimitField(String label, int least, String help) {
        addClassName("limit");
        use.addClassName("use");
        field = new IntegerField(label);
        field.setMin(least);
        field.setHelperText(help);
        add(field, use);
    }

    void show(SavedFields saved, @Nullable Integer limit) {
        saved.show(field, limit);
    }

    /** Null while nothing is typed in. */
    @Nullable
    Integer value() {
        return field.getValue();
    }

    void placeholder(String text) {
        field.setPlaceholder(text);
    }

    /** Shows how much of the limit is used; a share below zero stands for one that nobody knows. */
    void uses(double share, String text) {
        Span quiet = new Span(text);
        quiet.addClassName("quiet");
        use.removeAll();
        use.add(share < 0 ? quiet : new Meter(share, text));
    }
}
