package dev.berth.rest;

import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks a body that was read: components of records that are not {@code @Nullable} are required, and no text holds a NUL
 * or half a character. Bodies are at most 1 MiB, uploads excepted. So a resource method sees only what its types promise.
 */
@Provider
public class RequiredFields implements ReaderInterceptor {
    private static final long MOST_BYTES = 1 << 20;

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException, WebApplicationException {
        if (context.getType() == InputStream.class) {
            return context.proceed();
        }
        context.setInputStream(new LimitedInput(context.getInputStream(), MOST_BYTES));
        Object body = context.proceed();
        if (body == null && context.getType().isRecord()) {
            // No body is the same as an empty object: what is required will be missed below.
            body = BerthJson.mapper().readValue("{}", context.getType());
        }
        if (body != null) {
            check(body, "");
        }
        return body;
    }

    static void check(Object value, String pointer) {
        switch (value) {
            case Record holder -> checkComponents(holder, pointer);
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    Object element = list.get(i);
                    if (element == null) {
                        throw BerthException.invalid(pointer + "/" + i, "An element of a list cannot be null.");
                    }
                    check(element, pointer + "/" + i);
                }
            }
            case Map<?, ?> map ->
                map.forEach((key, element) -> {
                    check(key, pointer);
                    if (element == null) {
                        throw BerthException.invalid(pointer + "/" + key, "A value of a map cannot be null.");
                    }
                    check(element, pointer + "/" + key);
                });
            case String text -> {
                if (text.indexOf('\0') >= 0) {
                    throw BerthException.invalid(pointer, "A text cannot hold the character NUL.");
                }
                if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                    throw BerthException.invalid(pointer, "A text cannot hold half a character (a lone surrogate).");
                }
            }
            default -> {}
        }
    }

    private static void checkComponents(Record holder, String pointer) {
        for (RecordComponent component : holder.getClass().getRecordComponents()) {
            String place = pointer + "/" + component.getName();
            Object value = read(holder, component);
            if (value != null) {
                check(value, place);
            } else if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                throw BerthException.invalid(place, "The field '" + component.getName() + "' is required.");
            }
        }
    }

    private static @Nullable Object read(Record holder, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(holder);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
