package dev.berth.kernel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that crosses package borders: a code, a sentence that says what to do, and structured details.
 *
 * <p>Details are JSON-like values (strings, numbers, booleans); {@code pointer} holds the JSON pointer of the field that
 * is wrong, where there is one.
 */
public final class BerthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, Object> details;

    private BerthException(ErrorCode code, String message, Map<String, Object> details, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = details;
    }

    public static BerthException of(ErrorCode code, String message) {
        return new BerthException(code, message, Map.of(), null);
    }

    public static BerthException of(ErrorCode code, String message, @Nullable Throwable cause) {
        return new BerthException(code, message, Map.of(), cause);
    }

    /** A bad value of one field; {@code pointer} is its JSON pointer, for example {@code /disks/0/size}. */
    public static BerthException invalid(String pointer, String message) {
        return of(ErrorCode.INVALID_ARGUMENT, message).with("pointer", pointer);
    }

    public static BerthException notFound(String kind, Object id) {
        return of(ErrorCode.NOT_FOUND, "There is no " + kind + " '" + id + "' here.");
    }

    /** The same failure with one more structured detail. */
    public BerthException with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(details());
        more.put(key, value);
        BerthException copy = new BerthException(code, message(), Map.copyOf(more), getCause());
        copy.setStackTrace(getStackTrace());
        return copy;
    }

    public ErrorCode code() {
        return code;
    }

    public String message() {
        String message = getMessage();
        return message == null ? code.slug() : message;
    }

    public Map<String, Object> details() {
        return details == null ? Map.of() : details;
    }
}
