package dev.berth.filter;

import dev.berth.kernel.BerthException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A filter as a SQL condition over a fixed set of columns; values are always parameters. */
public record FilterSql(String condition, List<Object> parameters) {
    /** What a column holds. */
    public enum Type {
        TEXT,
        /** Text of a fixed set, stored in upper case. */
        WORD,
        NUMBER,
        BOOLEAN
    }

    /** A column that may be filtered by. */
    public record Column(String sql, Type type) {}

    /**
     * Translates; INVALID_ARGUMENT for unknown fields or values of the wrong type.
     *
     * @param search columns that a free text searches
     */
    public static FilterSql of(Filter filter, Map<String, Column> columns, List<String> search) {
        List<String> conditions = new ArrayList<>();
        List<Object> parameters = new ArrayList<>();
        for (Filter.Term term : filter.terms()) {
            if (term.field().isEmpty()) {
                conditions.add(search.stream()
                        .map(column -> "strpos(lower(" + column + "), ?) > 0")
                        .collect(Collectors.joining(" or ", "(", ")")));
                search.forEach(column -> parameters.add(term.value().toLowerCase(Locale.ROOT)));
            } else {
                conditions.add(condition(term, column(term, columns), parameters));
            }
        }
        return new FilterSql(conditions.isEmpty() ? "true" : String.join(" and ", conditions), parameters);
    }

    private static Column column(Filter.Term term, Map<String, Column> columns) {
        Column column = columns.get(term.field());
        if (column == null) {
            throw BerthException.invalid(
                    "?filter",
                    "There is no field '" + term.field() + "' to filter by; fields are: "
                            + String.join(
                                    ", ", columns.keySet().stream().sorted().toList()) + ".");
        }
        return column;
    }

    private static String condition(Filter.Term term, Column column, List<Object> parameters) {
        if (term.op().equals("~")) {
            if (column.type() != Type.TEXT && column.type() != Type.WORD) {
                throw BerthException.invalid("?filter", "'~' is for texts; use = or < with '" + term.field() + "'.");
            }
            parameters.add(term.value().toLowerCase(Locale.ROOT));
            return "strpos(lower(" + column.sql() + "), ?) > 0";
        }
        boolean ordered = column.type() == Type.NUMBER;
        if (!ordered && !term.op().equals("=") && !term.op().equals("!=")) {
            throw BerthException.invalid(
                    "?filter", "'" + term.op() + "' is for numbers; '" + term.field() + "' is none.");
        }
        parameters.add(value(term, column));
        return column.sql() + " " + (term.op().equals("!=") ? "is distinct from" : term.op()) + " ?";
    }

    private static Object value(Filter.Term term, Column column) {
        return switch (column.type()) {
            case TEXT -> term.value();
            case WORD -> term.value().toUpperCase(Locale.ROOT);
            case BOOLEAN -> {
                if (!term.value().equals("true") && !term.value().equals("false")) {
                    throw BerthException.invalid("?filter", "'" + term.field() + "' is true or false.");
                }
                yield Boolean.valueOf(term.value());
            }
            case NUMBER -> {
                try {
                    yield Long.valueOf(term.value());
                } catch (NumberFormatException e) {
                    throw BerthException.invalid("?filter", "'" + term.field() + "' is compared with an integer.");
                }
            }
        };
    }
}
