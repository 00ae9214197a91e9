package dev.berth.instance;

import dev.berth.filter.Filter;
import dev.berth.filter.FilterSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Filters by state on plain columns instead of the computed one: the planner knows how frequent a state is, reads in the
 * order of the list and stops when the page is full.
 */
final class StateFilter {
    private StateFilter() {}

    static FilterSql sql(Filter filter, Map<String, FilterSql.Column> columns, List<String> search) {
        List<Filter.Term> others = new ArrayList<>();
        StringBuilder condition = new StringBuilder();
        List<Object> parameters = new ArrayList<>();
        for (Filter.Term term : filter.terms()) {
            if (term.field().equals("state") && term.op().equals("=")) {
                condition.append(" and ").append(plain(term.value().toUpperCase(Locale.ROOT), parameters));
            } else {
                others.add(term);
            }
        }
        FilterSql rest = FilterSql.of(new Filter(others), columns, search);
        List<Object> all = new ArrayList<>(rest.parameters());
        all.addAll(parameters);
        return new FilterSql(rest.condition() + condition, all);
    }

    private static String plain(String state, List<Object> parameters) {
        return switch (state) {
            case "CREATING", "DELETING" -> {
                parameters.add(state);
                yield "i.phase = ?";
            }
            case "UNKNOWN" -> "i.phase = 'READY' and o.state is null";
            default -> {
                parameters.add(state);
                yield "i.phase = 'READY' and o.state = ?";
            }
        };
    }
}
