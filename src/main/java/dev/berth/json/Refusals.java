package dev.berth.json;

import com.fasterxml.jackson.databind.JsonMappingException;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Refusals by value types, which Jackson wraps in its own exceptions. */
public final class Refusals {
    private Refusals() {}

    /** What a type refused, at the field that it is about; empty if the failure is none of Berth's own. */
    public static Optional<BerthException> find(Throwable failure) {
        JsonMappingException outermost = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (outermost == null && cause instanceof JsonMappingException mapping) {
                outermost = mapping;
            }
            if (cause instanceof BerthException known) {
                return Optional.of(
                        outermost == null || outermost.getPath().isEmpty() || known.code() == ErrorCode.TOO_LARGE
                                ? known
                                : known.with("pointer", pointer(outermost.getPath())));
            }
        }
        return Optional.empty();
    }

    /** The JSON pointer of a place. */
    public static String pointer(List<JsonMappingException.Reference> path) {
        return path.stream()
                .map(step -> step.getFieldName() == null
                        ? Integer.toString(step.getIndex())
                        : step.getFieldName().replace("~", "~0").replace("/", "~1"))
                .map(step -> "/" + step)
                .collect(Collectors.joining());
    }
}
