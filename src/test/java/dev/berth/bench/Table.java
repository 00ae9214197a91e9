package dev.berth.bench;

import java.util.Locale;

/** Prints what was measured, a line for each figure, as soon as it is known. */
final class Table {
    void title(String text) {
        System.out.printf("%n%s%n", text);
    }

    void row(String what, String figure, String goal) {
        System.out.printf("  %-46s %-38s %s%n", what, figure, goal.isEmpty() ? "" : "goal: " + goal);
    }

    void row(String what, Samples samples, String goal) {
        row(what, samples.toString(), goal);
    }

    void ratio(String what, double ratio, String goal) {
        row(what, String.format(Locale.ROOT, "%.2f x", ratio), goal);
    }

    void bytes(String what, long bytes, String goal) {
        row(what, bytes / 1_000_000 + " MB", goal);
    }
}
