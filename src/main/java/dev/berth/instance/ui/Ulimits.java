package dev.berth.instance.ui;

import dev.berth.driver.ContainerSpec.Ulimit;
import dev.berth.kernel.BerthException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Limits of each process as lines of text: {@code nofile=1024:4096}, soft and hard, or one number for both. */
final class Ulimits {
    private static final long NONE = -1;
    private static final Pattern LIMIT =
            Pattern.compile("([a-z]+)\\s*=\\s*([0-9]{1,18}|unlimited)" + "(?:\\s*:\\s*([0-9]{1,18}|unlimited))?");

    private Ulimits() {}

    static List<Ulimit> parse(String text) {
        return Mounts.lines(text).map(Ulimits::limit).toList();
    }

    private static Ulimit limit(String line) {
        Matcher matcher = LIMIT.matcher(line);
        if (!matcher.matches()) {
            throw BerthException.invalid(
                    "/limits/ulimits", "'" + line + "' is no limit; write nofile=1024:4096, or core=unlimited.");
        }
        String soft = matcher.group(2);
        String hard = matcher.group(3);
        return new Ulimit(matcher.group(1), number(soft), number(hard == null ? soft : hard));
    }

    private static long number(String text) {
        return text.equals("unlimited") ? NONE : Long.parseLong(text);
    }

    /** The lines that {@link #parse} reads as these limits. */
    static String text(List<Ulimit> limits) {
        return limits.stream()
                .map(limit -> limit.name() + "=" + word(limit.soft()) + ":" + word(limit.hard()))
                .collect(Collectors.joining("\n"));
    }

    private static String word(long value) {
        return value == NONE ? "unlimited" : Long.toString(value);
    }
}
