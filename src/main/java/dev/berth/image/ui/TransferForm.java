package dev.berth.image.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.access.Caller;
import dev.berth.driver.ImageReference;
import dev.berth.operation.OperationView;

/** What has to be known before an image comes from a registry or goes to one: a reference at least. */
abstract class TransferForm extends Div {
    private static final long serialVersionUID = 1L;
    private final String title;
    private final String verb;
    private final TextField field;

    /**
     * A form.
     *
     * @param title of the dialog
     * @param verb what the button says: {@code Pull}
     * @param field takes the reference
     */
    TransferForm(String title, String verb, TextField field) {
        this.title = title;
        this.verb = verb;
        this.field = field;
        addClassName("fields");
        add(field);
        field.setPlaceholder("registry.example:5000/web/nginx:1.27");
        field.focus();
    }

    final String title() {
        return title;
    }

    final String verb() {
        return verb;
    }

    final String reference() {
        return field.getValue().strip();
    }

    /** The host of the registry; INVALID_ARGUMENT while the reference names none. */
    final String registry() {
        return ImageReference.parse(reference()).registry();
    }

    void setReadOnly(boolean readOnly) {
        field.setReadOnly(readOnly);
    }

    abstract OperationView begin(Caller caller);

    /** What the viewer is told when it was done. */
    abstract String done();

    /** What the viewer is told when it was cancelled. */
    abstract String cancelled();
}
