package dev.berth.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
    private final VirtualClock clock = new VirtualClock();
    private final LoginThrottle throttle = new LoginThrottle(clock);

    private void fail(int times, String name, String address) {
        for (int i = 0; i < times; i++) {
            throttle.attempt("login", name, address);
        }
    }

    private long wait(String name, String address) {
        BerthException refused =
                catchThrowableOfType(BerthException.class, () -> throttle.attempt("login", name, address));
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.code()).isEqualTo(ErrorCode.THROTTLED);
        return (long) refused.details().getOrDefault("retryAfter", 0L);
    }

    @Test
    void fiveFailuresAreFreeAndThenTheWaitDoubles() {
        fail(5, "ann", "a");
        assertThat(wait("ann", "a")).isBetween(1L, 2L);
        clock.advance(Duration.ofSeconds(2));
        fail(1, "ann", "a");
        assertThat(wait("ann", "a")).isBetween(2L, 3L);
        clock.advance(Duration.ofSeconds(3));
        fail(1, "ann", "a");
        assertThat(wait("ann", "a")).isBetween(4L, 5L);
    }

    @Test
    void theWaitIsNeverLongerThanAQuarterOfAnHour() {
        for (int i = 0; i < 40; i++) {
            fail(1, "ann", "a");
            clock.advance(Duration.ofMinutes(16));
        }
        fail(1, "ann", "a");
        assertThat(wait("ann", "a")).isBetween(890L, 901L);
    }

    @Test
    void namesAreCountedWithoutCaseAndPerAddress() {
        fail(5, "Ann", "a");
        assertThat(wait("aNN", "a")).isPositive();
        assertThatCode(() -> throttle.attempt("login", "ann", "b")).doesNotThrowAnyException();
    }

    @Test
    void guessingManyNamesFromOneAddressIsSlowedDownToo() {
        for (int i = 0; i < 50; i++) {
            fail(1, "user" + i, "a");
        }
        assertThat(wait("another", "a")).isPositive();
    }

    @Test
    void peopleWhoLogInOftenFromOneAddressAreLeftAlone() {
        for (int i = 0; i < 500; i++) {
            throttle.attempt("login", "user" + i % 7, "office");
            throttle.succeeded("login", "user" + i % 7, "office");
        }
        assertThatCode(() -> throttle.attempt("login", "ann", "office")).doesNotThrowAnyException();
    }
}
