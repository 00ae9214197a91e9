package dev.berth.rest;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.berth.json.MergePatch;
import dev.berth.json.Refusals;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.Locale;
import java.util.stream.Collectors;

/** Jackson's complaints in words for the sender, with the place in the body. */
final class JsonErrors {
    private JsonErrors() {}

    static BerthException translate(JsonProcessingException e) {
        return Refusals.find(e).orElseGet(() -> explained(e));
    }

    private static BerthException explained(JsonProcessingException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                BerthException.of(
                                ErrorCode.UNKNOWN_FIELD,
                                "There is no field '" + unknown.getPropertyName() + "' here; fields are: "
                                        + unknown.getKnownPropertyIds().stream()
                                                .map(Object::toString)
                                                .filter(field -> !field.equals(MergePatch.CLEARED))
                                                .sorted()
                                                .collect(Collectors.joining(", "))
                                        + ".")
                        .with("pointer", Refusals.pointer(unknown.getPath()));
            case InvalidTypeIdException type ->
                BerthException.invalid(
                        Refusals.pointer(type.getPath()) + "/kind", "The field 'kind' is missing or unknown.");
            case MismatchedInputException trailing
            when trailing.getOriginalMessage().startsWith("Trailing token") -> malformed(trailing);
            case MismatchedInputException mismatch ->
                BerthException.invalid(
                        Refusals.pointer(mismatch.getPath()),
                        "The value is of the wrong type" + expected(mismatch) + ".");
            case JsonMappingException mapping ->
                mapping.getCause() instanceof JsonParseException
                        ? malformed(mapping)
                        : BerthException.invalid(Refusals.pointer(mapping.getPath()), "The value is not allowed here.");
            default -> malformed(e);
        };
    }

    private static BerthException malformed(JsonProcessingException e) {
        String place = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        return BerthException.of(ErrorCode.MALFORMED_BODY, "The body is not well-formed JSON" + place + ".");
    }

    private static String expected(MismatchedInputException e) {
        Class<?> target = e.getTargetType();
        return target == null ? "" : "; expected is " + word(target);
    }

    private static String word(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + java.util.Arrays.stream(type.getEnumConstants())
                            .map(word ->
                                    word.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", "));
        }
        return switch (type.getSimpleName()) {
            case "int", "long", "Integer", "Long", "DataSize", "CpuCount" -> "an integer";
            case "boolean", "Boolean" -> "true or false";
            case "String", "UUID", "Instant" -> "a text (" + type.getSimpleName() + ")";
            case "List", "ArrayList" -> "a list";
            default -> "an object";
        };
    }
}
