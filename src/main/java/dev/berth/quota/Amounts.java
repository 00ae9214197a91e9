package dev.berth.quota;

import java.util.EnumMap;
import java.util.Map;

/** Amounts of several resources; absent means zero. Negative amounts give back. */
public record Amounts(Map<Resource, Long> values) {
    public static final Amounts NONE = new Amounts(Map.of());

    public Amounts {
        EnumMap<Resource, Long> copy = new EnumMap<>(Resource.class);
        values.forEach((resource, amount) -> {
            if (amount != 0) {
                copy.put(resource, amount);
            }
        });
        values = java.util.Collections.unmodifiableMap(copy);
    }

    public long get(Resource resource) {
        return values.getOrDefault(resource, 0L);
    }

    public Amounts plus(Resource resource, long amount) {
        EnumMap<Resource, Long> more = new EnumMap<>(Resource.class);
        more.putAll(values);
        more.merge(resource, amount, Long::sum);
        return new Amounts(more);
    }

    /** Without what gives back. */
    Amounts positive() {
        EnumMap<Resource, Long> more = new EnumMap<>(Resource.class);
        values.forEach((resource, amount) -> {
            if (amount > 0) {
                more.put(resource, amount);
            }
        });
        return new Amounts(more);
    }

    public Amounts negated() {
        EnumMap<Resource, Long> less = new EnumMap<>(Resource.class);
        values.forEach((resource, amount) -> less.put(resource, -amount));
        return new Amounts(less);
    }
}
