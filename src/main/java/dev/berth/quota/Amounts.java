package dev.berth.quota;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

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
        return filtered((resource, amount) -> amount > 0);
    }

    /** Those of some resources. */
    Amounts only(Predicate<Resource> resources) {
        return filtered((resource, amount) -> resources.test(resource));
    }

    private Amounts filtered(BiPredicate<Resource, Long> wanted) {
        EnumMap<Resource, Long> some = new EnumMap<>(Resource.class);
        values.forEach((resource, amount) -> {
            if (wanted.test(resource, amount)) {
                some.put(resource, amount);
            }
        });
        return new Amounts(some);
    }

    public Amounts negated() {
        EnumMap<Resource, Long> less = new EnumMap<>(Resource.class);
        values.forEach((resource, amount) -> less.put(resource, -amount));
        return new Amounts(less);
    }
}
