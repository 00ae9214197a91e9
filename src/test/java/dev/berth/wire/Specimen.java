package dev.berth.wire;

import dev.berth.driver.ImageSource;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes values of the SPI's types, all fields filled, different with each variant: the next enum constant, the next subtype
 * of a sealed type, another number. With variant 0, what may be null is null.
 */
record Specimen(int variant) {
    /** Values for all variants that tell types apart. */
    static final int VARIANTS = 5;

    @Nullable
    Object of(Type type) {
        if (type instanceof ParameterizedType generic) {
            return collection(generic);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            Object[] constants = plain.getEnumConstants();
            return constants[variant % constants.length];
        }
        if (plain.isSealed()) {
            Class<?>[] subtypes = plain.getPermittedSubclasses();
            return of(subtypes[variant % subtypes.length]);
        }
        return plain.isRecord() ? record(plain) : scalar(plain);
    }

    private Object collection(ParameterizedType generic) {
        Type[] types = generic.getActualTypeArguments();
        Object first = notNull(of(types[0]));
        return switch (((Class<?>) generic.getRawType()).getSimpleName()) {
            case "Set" -> Set.of(first);
            case "List" -> List.of(first);
            case "Map" -> Map.of(first, notNull(of(types[1])));
            default -> throw new AssertionError("the SPI has a new kind of type: " + generic);
        };
    }

    private Object record(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "Ipv4" -> new Ipv4("10.1.2." + (variant + 3));
            case "Cidr" -> Cidr.parse("10." + variant + ".0.0/16");
            case "MacAddress" -> new MacAddress("52:54:00:00:00:0" + variant);
            case "DataSize" -> new DataSize((1L << 40) + variant);
            case "Url" -> url();
            default -> filled(type);
        };
    }

    /** One that passes the checks of its constructor. */
    private ImageSource.Url url() {
        String base = "https://images.example/" + variant;
        return new ImageSource.Url(base + ".qcow2", variant % 2 == 0, variant == 0 ? null : base + "/SHA256SUMS");
    }

    private Object filled(Class<?> type) {
        RecordComponent[] parts = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            boolean nullable = parts[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            values[i] = nullable && variant == 0 ? null : of(parts[i].getGenericType());
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type + " " + Arrays.toString(values), e);
        }
    }

    private @Nullable Object scalar(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "void" -> null;
            case "UUID" -> new UUID(7, variant);
            case "String" -> "täxt \"<&\n\0" + variant;
            case "int", "Integer" -> 7 + variant;
            case "long", "Long" -> Long.MAX_VALUE - variant;
            case "boolean" -> variant % 2 == 0;
            case "double" -> 0.25 + variant;
            case "Duration" -> Duration.ofMillis(1500 + variant);
            case "Instant" -> Instant.parse("2026-01-02T03:04:05.678901Z").plusSeconds(variant);
            case "byte[]" -> ("bytes\0" + variant).getBytes(StandardCharsets.ISO_8859_1);
            default -> throw new AssertionError("the SPI has a new kind of type: " + type);
        };
    }

    private static Object notNull(@Nullable Object value) {
        return Objects.requireNonNull(value);
    }
}
