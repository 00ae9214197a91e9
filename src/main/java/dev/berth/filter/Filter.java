package dev.berth.filter;

import dev.berth.kernel.BerthException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The filter grammar of API and search fields: terms with blanks between them, all of which must hold.
 *
 * <pre>
 *  filter = term *( " " term )
 *  term   = field op value / value          a value alone searches the text fields; with an operator in it, it needs quotes
 *  op     = "=" / "!=" / "~" / "&lt;" / "&lt;=" / "&gt;" / "&gt;="      "~" is "contains"
 *  value  = word / '"' anything '"'
 * </pre>
 */
public record Filter(List<Term> terms) {
    private static final int LONGEST = 500;
    private static final int MOST_TERMS = 20;
    private static final Pattern TERM = Pattern.compile(
            "\\G\\s*(?:([a-zA-Z][a-zA-Z0-9.]*)(!=|<=|>=|=|~|<|>)(?:\"([^\"]*)\"|([^\\s\"]+))|\"([^\"]*)\"|([^\\s\"=<>~]+))(?=\\s|$)");

    /** One condition; the field is empty for a free text. */
    public record Term(String field, String op, String value) {}

    public Filter {
        terms = List.copyOf(terms);
    }

    public static final Filter ALL = new Filter(List.of());

    /** Reads a filter; INVALID_ARGUMENT with the place of the error. */
    public static Filter parse(String text) {
        if (text.length() > LONGEST) {
            throw BerthException.invalid("?filter", "A filter has at most " + LONGEST + " characters.");
        }
        if (text.indexOf('\0') >= 0) {
            throw BerthException.invalid("?filter", "A filter cannot hold the character NUL.");
        }
        List<Term> terms = new ArrayList<>();
        Matcher matcher = TERM.matcher(text);
        int end = 0;
        while (end < text.length() && !text.substring(end).isBlank()) {
            if (!matcher.find(end) || terms.size() == MOST_TERMS) {
                throw BerthException.invalid(
                        "?filter",
                        "The filter cannot be read at character " + (end + 1)
                                + "; write for example: state=running name~web cpus>=2");
            }
            String field = matcher.group(1);
            terms.add(
                    field == null
                            ? new Term("", "~", first(matcher.group(5), matcher.group(6)))
                            : new Term(field, matcher.group(2), first(matcher.group(3), matcher.group(4))));
            end = matcher.end();
        }
        return new Filter(terms);
    }

    private static String first(@Nullable String quoted, @Nullable String word) {
        return quoted == null ? Objects.requireNonNull(word) : quoted;
    }
}
