package dev.berth.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class BootTimeTest {
    /** A clock that somebody sets. */
    private static final class SetClock extends Clock {
        private Duration ahead = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    @Test
    void isTheSameUntilSomebodySetsTheClock() {
        SetClock clock = new SetClock();
        BootTime bootTime = new BootTime(clock);
        Instant first = bootTime.get();
        assertThat(bootTime.get()).isEqualTo(first).isBefore(Instant.now());
        clock.ahead = Duration.ofHours(1);
        assertThat(bootTime.get()).isCloseTo(first.plus(clock.ahead), within(1, ChronoUnit.SECONDS));
    }

    /** Field 22 of its line is when a process started. */
    @Test
    void tellsWhenAProcessStartedToTheHundredth() throws IOException, InterruptedException {
        BootTime bootTime = new BootTime(Clock.systemUTC());
        Instant before = Instant.now();
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            long ticks =
                    Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
            assertThat(bootTime.atTick(ticks))
                    .isBetween(before.minusMillis(40), Instant.now().plusMillis(40));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
