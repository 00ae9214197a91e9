package dev.berth.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.dataview.GridListDataView;
import com.vaadin.flow.data.provider.IdentifierProvider;
import com.vaadin.flow.data.renderer.ComponentRenderer;
import com.vaadin.flow.function.SerializableFunction;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows rows in a grid that change while somebody looks: a row that is as before stays untouched, and in one that changes those
 * parts stay that are made of the same. Whoever clicks on a button just then does not click in vain.
 *
 * @param <T> a row; equal ones look the same
 */
public final class LiveRows<T extends Record> implements Serializable {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Grid<T> grid;
    private final IdentifierProvider<T> identity;
    private final transient List<Map<Object, Part>> kept = new ArrayList<>();
    private transient List<T> shown = new ArrayList<>();
    private transient GridListDataView<T> view;

    public LiveRows(Grid<T> grid, IdentifierProvider<T> identity) {
        this.grid = grid;
        this.identity = identity;
        this.view = fill();
    }

    /** Makes the grid have these rows, in this order. */
    public void show(List<T> rows) {
        List<Object> ids = rows.stream().map(identity).toList();
        if (!ids.equals(shown.stream().map(identity).toList())) {
            kept.forEach(parts -> parts.keySet().retainAll(ids));
            shown = new ArrayList<>(rows);
            view = fill();
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            T row = rows.get(i);
            if (!row.equals(shown.get(i))) {
                shown.set(i, row);
                view.refreshItem(row);
            }
        }
    }

    private GridListDataView<T> fill() {
        GridListDataView<T> filled = grid.setItems(shown);
        filled.setIdentifierProvider(identity);
        return filled;
    }

    /**
     * A column's part of each row.
     *
     * @param part what of the row is shown; the component stays as long as this is equal
     */
    public <P extends Record> ComponentRenderer<Component, T> part(
            SerializableFunction<T, P> part, SerializableFunction<P, Component> component) {
        Map<Object, Part> parts = new HashMap<>();
        kept.add(parts);
        SerializableFunction<T, Component> find = row -> {
            P shows = part.apply(row);
            Part known = parts.get(identity.apply(row));
            if (known == null || !known.shows().equals(shows)) {
                known = new Part(shows, component.apply(shows));
                parts.put(identity.apply(row), known);
            }
            return known.component();
        };
        return new ComponentRenderer<>(find, (old, row) -> find.apply(row));
    }

    private record Part(Record shows, Component component) {}
}
