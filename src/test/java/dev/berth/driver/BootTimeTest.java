package dev.berth.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.berth.kernel.VirtualClock;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class BootTimeTest {
    @Test
    void isTheSameUntilSomebodySetsTheClock() {
        VirtualClock clock = new VirtualClock();
        BootTime bootTime = new BootTime(clock);
        Instant first = bootTime.get();
        assertThat(bootTime.get()).isEqualTo(first).isBefore(clock.instant());
        clock.advance(Duration.ofHours(1));
        assertThat(bootTime.get()).isCloseTo(first.plus(Duration.ofHours(1)), within(1, ChronoUnit.SECONDS));
    }

    @Test
    void tellsWhenAProcessStartedToTheHundredth() throws IOException, InterruptedException {
        BootTime bootTime = new BootTime(Clock.systemUTC());
        Instant before = Instant.now();
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            long ticks = ProcessStat.of(process.pid()).orElseThrow().startTicks();
            assertThat(bootTime.atTick(ticks))
                    .isBetween(before.minusMillis(40), Instant.now().plusMillis(40));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
