package dev.berth.driver;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When this node booted, by its clock: to some 10 ms, and the same at each look until somebody sets the clock. */
public final class BootTime {
    private static final Path UPTIME = Path.of("/proc/uptime");
    /** {@code USER_HZ}: fixed at 100 on Linux for x86 and ARM. */
    private static final long MILLIS_PER_TICK = 10;

    private static final Duration JITTER = Duration.ofSeconds(1);

    private final Clock clock;
    private volatile @Nullable Instant known;

    public BootTime(Clock clock) {
        this.clock = clock;
    }

    public Instant get() {
        Instant seen = clock.instant().minus(uptime());
        Instant before = known;
        if (before != null && Duration.between(before, seen).abs().compareTo(JITTER) < 0) {
            return before;
        }
        known = seen;
        return seen;
    }

    /** When something happened of which {@code /proc} tells the clock ticks since the boot. */
    public Instant atTick(long ticks) {
        return get().plusMillis(ticks * MILLIS_PER_TICK);
    }

    /** The first number of {@code /proc/uptime} is seconds with two decimals. */
    private static Duration uptime() {
        try {
            String seconds = Files.readString(UPTIME).split(" ")[0];
            return Duration.ofMillis(new BigDecimal(seconds).movePointRight(3).longValue());
        } catch (IOException e) {
            throw NodeFailures.files("Reading how long the node has run", e);
        }
    }
}
