package dev.berth.rest;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An error as {@code application/problem+json} (RFC 9457).
 *
 * @param type stable URI of the kind of error
 * @param code stable short name, for example {@code quota-exceeded}
 * @param detail a sentence that says what is wrong and what to do
 * @param errors the fields that are wrong, where that is known
 * @param requestId also in the header {@code X-Request-Id} and in the server's log
 * @param extra further facts, for example {@code limit} and {@code used} of a quota
 */
@Schema(name = "Problem")
public record Problem(
        String type,
        String title,
        int status,
        String code,
        String detail,
        List<FieldError> errors,
        String requestId,
        @JsonAnyGetter Map<String, Object> extra) {
    public static final String MEDIA_TYPE = "application/problem+json";

    /** One wrong field; {@code pointer} is an RFC 6901 pointer into the request's body. */
    public record FieldError(String pointer, String message) {}

    static Problem of(BerthException e, String requestId) {
        Map<String, Object> extra = new LinkedHashMap<>(e.details());
        Object pointer = extra.remove("pointer");
        List<FieldError> errors =
                pointer == null ? List.of() : List.of(new FieldError(pointer.toString(), e.message()));
        return new Problem(
                "/api/v1/problems/" + e.code().slug(),
                title(e.code()),
                status(e.code()),
                e.code().slug(),
                e.message(),
                errors,
                requestId,
                extra);
    }

    /** The one place where categories become HTTP statuses. */
    public static int status(ErrorCode code) {
        return switch (code.category()) {
            case USER -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case PRECONDITION_FAILED -> 412;
            case TOO_LARGE -> 413;
            case UNPROCESSABLE, UNSUPPORTED -> 422;
            case PRECONDITION_REQUIRED -> 428;
            case THROTTLED -> 429;
            case INTERNAL -> 500;
            case UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
            case CAPACITY -> 507;
        };
    }

    private static String title(ErrorCode code) {
        String words = code.slug().replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
