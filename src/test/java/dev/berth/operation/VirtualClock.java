package dev.berth.operation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved. */
final class VirtualClock extends Clock {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private Instant now = START;

    void advance(Duration time) {
        now = now.plus(time);
    }

    void advanceTo(Instant time) {
        now = time.isAfter(now) ? time : now;
    }

    Duration sinceStart() {
        return Duration.between(START, now);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
