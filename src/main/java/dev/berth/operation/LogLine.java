package dev.berth.operation;

import java.time.Instant;

/** One line of an operation's log. */
public record LogLine(Instant at, String text) {}
