package dev.berth.ui;

import com.vaadin.flow.component.HasValue;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fields of something that also changes elsewhere. A field is set when what is saved has become another, and keeps what somebody
 * types into it otherwise.
 */
public final class SavedFields {
    private final Map<HasValue<?, ?>, Optional<?>> shown = new IdentityHashMap<>();

    /** Has a field show what is saved now. */
    public <V> void show(HasValue<?, V> field, @Nullable V value) {
        Optional<V> now = Optional.ofNullable(value);
        if (!now.equals(shown.put(field, now))) {
            field.setValue(value);
        }
    }
}
