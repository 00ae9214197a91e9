package dev.berth.ui;

import dev.berth.kernel.DataSize;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values as people read them. */
public final class Formats {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private Formats() {}

    public static String time(@Nullable Instant instant) {
        return instant == null ? "–" : TIME.format(instant);
    }

    /** A time as short as it can be: the time of day if it is today's. */
    public static String moment(@Nullable Instant instant) {
        String time = time(instant);
        return instant != null && time.startsWith(time(Instant.now()).substring(0, 10)) ? time.substring(11) : time;
    }

    public static String size(@Nullable DataSize size) {
        return size == null ? "–" : size.display();
    }

    public static String rate(long bytesPerSecond) {
        return new DataSize(bytesPerSecond).display() + "/s";
    }

    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }

    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** How long something took, as finely as matters: {@code 0.2 s}, {@code 12 s}, {@code 3 min 5 s}. */
    public static String duration(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis < 10_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = millis / 1000;
        return seconds < 60 || seconds >= 3600 ? span(duration) : seconds / 60 + " min " + seconds % 60 + " s";
    }

    /** A span in its largest unit: {@code 3 min}. */
    public static String span(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }
}
