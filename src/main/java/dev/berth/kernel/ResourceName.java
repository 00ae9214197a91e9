package dev.berth.kernel;

import java.util.regex.Pattern;

/** A name that people give to a resource; also a valid DNS label (RFC 1123), so guests can be found by it. */
public record ResourceName(String value) {
    private static final Pattern CHARACTERS = Pattern.compile("[a-z0-9-]+");

    public ResourceName {
        if (value.isEmpty() || value.length() > 63) {
            throw invalid("has 1 to 63 characters");
        }
        if (!CHARACTERS.matcher(value).matches()) {
            throw invalid("has only lower-case letters, digits and hyphens");
        }
        if (value.startsWith("-") || value.endsWith("-")) {
            throw invalid("starts and ends with a letter or a digit");
        }
        if (value.matches("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")) {
            throw invalid("does not look like a UUID, because it stands for one in addresses");
        }
    }

    private static BerthException invalid(String rule) {
        return BerthException.invalid("/name", "A name " + rule + ".");
    }

    @Override
    public String toString() {
        return value;
    }
}
