package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H4;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextArea;
import dev.berth.ui.RefusedFields;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a container's configuration as a form. Fields begin with what the container has. */
abstract class ConfigurationSection extends Div {
    private static final long serialVersionUID = 1L;

    ConfigurationSection(String title, String explanation) {
        addClassName("section");
        Span quiet = new Span(explanation);
        quiet.addClassName("quiet");
        add(new H4(title), quiet);
    }

    /** Puts what differs from what the container has into a change, as the API's PATCH has it. */
    abstract void into(Map<String, @Nullable Object> change);

    /** Says where the values of the fields stand in a change. */
    abstract void register(RefusedFields fields);

    /** A field that is as high as its text, within reason; one line where that is enough. */
    static TextArea area(String label, String value, String placeholder) {
        TextArea area = new TextArea(label);
        area.setMinRows(1);
        area.setMaxHeight("160px");
        area.setPlaceholder(placeholder);
        area.setValue(value);
        return area;
    }

    /** What stands in a field that is empty: what would be in its place. */
    static String fromImage(@Nullable String said, String usual) {
        return said == null || said.isEmpty() ? usual : "from the image: " + said;
    }

    /** Puts a text that was changed; null for one that was emptied, which is from then on as the image says, or as usual. */
    static void text(Map<String, @Nullable Object> change, String name, @Nullable String before, String now) {
        String text = now.strip();
        if (!text.equals(before == null ? "" : before)) {
            change.put(name, text.isEmpty() ? null : text);
        }
    }
}
