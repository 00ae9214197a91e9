package dev.berth.access;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slows guessing down: after 5 failures for a name or an address, each further try has to wait, twice as long each time,
 * from 1 second up to 15 minutes.
 */
@ApplicationScoped
public class LoginThrottle {
    private static final int FREE = 5;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int MOST_KEYS = 10_000;
    private final Clock clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST_KEYS;
        }
    };

    LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    private record Failures(int count, Instant last) {
        Instant openAt() {
            if (count < FREE) {
                return Instant.MIN;
            }
            long seconds = 1L << Math.min(count - FREE, 20);
            return last.plus(seconds > LONGEST.toSeconds() ? LONGEST : Duration.ofSeconds(seconds));
        }
    }

    /**
     * Refuses while a name or an address has to wait; otherwise counts the try as failed until {@link #succeeded}.
     *
     * @throws BerthException THROTTLED with detail {@code retryAfter} in seconds
     */
    synchronized void attempt(String what, String name, String address) {
        Instant now = clock.instant();
        for (String key : keys(what, name, address)) {
            Failures known = failures.get(key);
            if (known != null && now.isBefore(known.openAt())) {
                long wait = Math.max(1, Duration.between(now, known.openAt()).toSeconds() + 1);
                throw BerthException.of(
                                ErrorCode.THROTTLED,
                                "Too many failed tries; wait " + wait + " seconds before the next one.")
                        .with("retryAfter", wait);
            }
        }
        for (String key : keys(what, name, address)) {
            failures.put(key, new Failures(recent(failures.get(key), now) + 1, now));
        }
    }

    private static int recent(@Nullable Failures known, Instant now) {
        return known == null || known.last().plus(LONGEST.multipliedBy(2)).isBefore(now) ? 0 : known.count();
    }

    synchronized void succeeded(String what, String name, String address) {
        failures.remove(keys(what, name, address)[0]);
    }

    /** The name counts per address too, so that a stranger cannot lock a user out from everywhere. */
    private static String[] keys(String what, String name, String address) {
        return new String[] {what + ":" + name.toLowerCase(Locale.ROOT) + "@" + address, what + "-address:" + address};
    }
}
