package dev.berth.rest;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.Uuids;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads query parameters strictly; the framework itself takes "maybe" for false and answers 404 to a limit of "ten". */
@Provider
public class ParameterWords implements ParamConverterProvider {
    @Override
    @SuppressWarnings("unchecked") // each branch makes a converter of the type that was compared
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> raw, Type generic, Annotation[] annotations) {
        String name = name(annotations);
        if (name == null) {
            return null;
        }
        if (raw == int.class || raw == Integer.class) {
            return (ParamConverter<T>) new Strict<>(name, "an integer", Integer::valueOf);
        }
        if (raw == long.class || raw == Long.class) {
            return (ParamConverter<T>) new Strict<>(name, "an integer", Long::valueOf);
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return (ParamConverter<T>) new Strict<>(name, "true or false", ParameterWords::bool);
        }
        if (raw == Instant.class) {
            return (ParamConverter<T>) new Strict<>(name, "a time such as 2026-01-31T12:00:00Z", ParameterWords::time);
        }
        if (raw == UUID.class) {
            return (ParamConverter<T>)
                    new Strict<>(name, "a UUID", text -> Uuids.parse(text).orElseThrow(IllegalArgumentException::new));
        }
        return null;
    }

    private static @Nullable String name(Annotation[] annotations) {
        for (Annotation annotation : annotations) {
            if (annotation instanceof QueryParam query) {
                return query.value();
            }
        }
        return null;
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private record Strict<T>(String name, String expected, Function<String, T> reader) implements ParamConverter<T> {
        @Override
        public T fromString(String value) {
            try {
                return reader.apply(value);
            } catch (IllegalArgumentException e) {
                throw BerthException.invalid("?" + name, "The parameter '" + name + "' is " + expected + ".");
            }
        }

        @Override
        public String toString(T value) {
            return String.valueOf(value);
        }
    }
}
