package dev.berth.operation;

import java.time.Duration;

/**
 * When a step that could not be taken back is tried again, and whether people are told of it once more. Kept in the journal,
 * so that a restart does not begin anew. What waits for a node is tried more often, for it costs little and may go on at once.
 */
record UndoRetries(Journal journal) {
    private static final String DELAY = "engine.undoDelay";
    private static final String REASON = "engine.undoReason";
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration LONGEST_WAIT_FOR_NODE = Duration.ofSeconds(20);

    /**
     * Twice the last one, up to a limit.
     *
     * @param away whether it failed because something is away
     */
    Duration delay(boolean away) {
        String last = journal.data().getOrDefault(DELAY, "");
        Duration next = last.isEmpty() ? FIRST : Duration.parse(last).multipliedBy(2);
        Duration limit = away ? LONGEST_WAIT_FOR_NODE : LONGEST;
        return next.compareTo(limit) > 0 ? limit : next;
    }

    /** Whether this is another failure than the last one, or is tried again after another delay. */
    boolean isNews(String reason, Duration delay) {
        return !reason.equals(journal.data().get(REASON))
                || !delay.toString().equals(journal.data().get(DELAY));
    }

    Journal failed(String reason, Duration delay) {
        return journal.with(REASON, reason).with(DELAY, delay.toString());
    }

    /** A step was taken back, so the next one begins with the shortest delay. */
    Journal over() {
        return journal.data().getOrDefault(DELAY, "").isEmpty()
                ? journal
                : journal.with(REASON, "").with(DELAY, "");
    }
}
