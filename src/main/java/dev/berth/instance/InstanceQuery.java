package dev.berth.instance;

import dev.berth.filter.Filter;
import dev.berth.filter.FilterSql;
import dev.berth.filter.FilterSql.Column;
import dev.berth.filter.FilterSql.Type;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Uuids;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which instances to list.
 *
 * @param project only of this one; null for all
 * @param after where the page before ended; null for the first
 * @param offset for grids that jump; 0 with a cursor
 */
public record InstanceQuery(
        @Nullable UUID project,
        FilterSql filter,
        Order order,
        @Nullable Cursor after,
        int offset,
        int limit) {
    private static final Map<String, Column> COLUMNS = Map.ofEntries(
            Map.entry("name", new Column("i.name", Type.TEXT)),
            Map.entry("project", new Column("p.name", Type.TEXT)),
            Map.entry("node", new Column("n.name", Type.TEXT)),
            Map.entry("image", new Column("m.name", Type.TEXT)),
            Map.entry("kind", new Column("i.kind", Type.WORD)),
            Map.entry("state", new Column(InstanceQueries.STATE, Type.WORD)),
            Map.entry("health", new Column("coalesce(o.health, 'NONE')", Type.WORD)),
            Map.entry("cpus", new Column("i.cpus", Type.NUMBER)),
            Map.entry("memory", new Column("i.memory", Type.NUMBER)),
            Map.entry("address", new Column("array_to_string(o.addresses, ' ')", Type.TEXT)),
            Map.entry("deletionProtection", new Column("i.deletion_protection", Type.BOOLEAN)));
    private static final List<String> SEARCH =
            List.of("i.name", "coalesce(array_to_string(o.addresses, ' '), '')", "coalesce(m.name, '')");

    /** What a list is sorted by; ties are broken by id. */
    public enum Order {
        NAME("name", "i.name", false),
        NAME_DESCENDING("-name", "i.name", true),
        CREATED("createdAt", "i.created_at", false),
        CREATED_DESCENDING("-createdAt", "i.created_at", true),
        CPUS("cpus", "i.cpus", false),
        CPUS_DESCENDING("-cpus", "i.cpus", true),
        MEMORY("memory", "i.memory", false),
        MEMORY_DESCENDING("-memory", "i.memory", true),
        STATE("state", InstanceQueries.STATE, false),
        STATE_DESCENDING("-state", InstanceQueries.STATE, true);

        private final String word;
        private final String expression;
        private final boolean descending;

        Order(String word, String expression, boolean descending) {
            this.word = word;
            this.expression = expression;
            this.descending = descending;
        }

        boolean descending() {
            return descending;
        }

        String sql() {
            return expression + (descending ? " desc, i.id desc" : ", i.id");
        }

        /** What a cursor is compared with, as text where the type has no literal of its own. */
        String key() {
            return expression;
        }

        /** Reads a {@code sort} parameter. */
        public static Order parse(String word) {
            for (Order order : values()) {
                if (order.word.equals(word)) {
                    return order;
                }
            }
            throw BerthException.invalid(
                    "?sort", "Sort by name, createdAt, cpus, memory or state, with '-' before it for descending.");
        }

        Object value(InstanceView last) {
            return switch (this) {
                case NAME, NAME_DESCENDING -> last.name();
                case CREATED, CREATED_DESCENDING -> last.createdAt();
                case CPUS, CPUS_DESCENDING -> last.cpus().value();
                case MEMORY, MEMORY_DESCENDING -> last.memory().bytes();
                case STATE, STATE_DESCENDING -> last.state().name();
            };
        }

        private Object read(String text) {
            return switch (this) {
                case NAME, NAME_DESCENDING, STATE, STATE_DESCENDING -> text;
                case CREATED, CREATED_DESCENDING -> java.time.Instant.parse(text);
                case CPUS, CPUS_DESCENDING -> Integer.valueOf(text);
                case MEMORY, MEMORY_DESCENDING -> Long.valueOf(text);
            };
        }
    }

    /** Where a page ended. */
    public record Cursor(Object value, UUID id) {
        static String after(Order order, InstanceView last) {
            String text = order.value(last) + "\n" + last.id();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        static Cursor parse(Order order, String text) {
            try {
                String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\n", 2);
                boolean whole = parts.length == 2 && parts[0].indexOf('\0') < 0;
                Optional<UUID> id = whole ? Uuids.parse(parts[1]) : Optional.empty();
                if (id.isPresent()) {
                    return new Cursor(order.read(parts[0]), id.get());
                }
            } catch (IllegalArgumentException | java.time.DateTimeException e) {
                // Falls through to the refusal.
            }
            throw BerthException.invalid("?after", "The page marker is not one that this list gave; begin without it.");
        }
    }

    /** A query by words, as API and search fields have them. */
    public static InstanceQuery of(
            @Nullable UUID project, String filter, String sort, @Nullable String after, int limit) {
        Order order = Order.parse(sort);
        return new InstanceQuery(
                project,
                StateFilter.sql(Filter.parse(filter), COLUMNS, SEARCH),
                order,
                after == null ? null : Cursor.parse(order, after),
                0,
                limit);
    }

    /** The same, for a grid that jumps to any row. */
    public InstanceQuery window(int offset, int limit) {
        return new InstanceQuery(project, filter, order, null, offset, limit);
    }

    /** What continues after this instance. */
    public String next(InstanceView last) {
        return Cursor.after(order, last);
    }
}
