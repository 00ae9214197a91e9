package dev.berth.ui;

import com.vaadin.flow.component.Focusable;
import com.vaadin.flow.component.HasValidation;
import com.vaadin.flow.component.HasValue;
import dev.berth.kernel.BerthException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Fields by where their values stand in a request: a refusal is shown at the field that it is about. */
public final class RefusedFields {
    private final Map<String, HasValidation> fields = new LinkedHashMap<>();

    /**
     * Adds a field, which from now on is wrong only when a request was refused because of it.
     *
     * @param pointer JSON pointer of its value; the field stands for all that is below, too, unless that has its own
     */
    public <F extends HasValidation & HasValue<?, ?>> RefusedFields with(String pointer, F field) {
        field.setManualValidation(true);
        field.addValueChangeListener(change -> field.setInvalid(false));
        fields.put(pointer, field);
        return this;
    }

    /** Does something; false, and the reason stands at a field, if that was refused because of one. Other refusals go on. */
    public boolean attempt(Runnable action) {
        try {
            action.run();
            return true;
        } catch (BerthException refusal) {
            HasValidation field =
                    field(String.valueOf(refusal.details().get("pointer"))).orElseThrow(() -> refusal);
            refuse(field, refusal.message());
            return false;
        }
    }

    private Optional<HasValidation> field(String pointer) {
        for (String place = pointer;
                !place.isEmpty();
                place = place.substring(0, Math.max(0, place.lastIndexOf('/')))) {
            if (fields.containsKey(place)) {
                return Optional.of(fields.get(place));
            }
        }
        return Optional.empty();
    }

    /** Says below a field what is wrong with it, and goes there. */
    public static void refuse(HasValidation field, String why) {
        field.setErrorMessage(why);
        field.setInvalid(true);
        if (field instanceof Focusable<?> focusable) {
            focusable.focus();
        }
    }
}
